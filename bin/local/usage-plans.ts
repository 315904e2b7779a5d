/**
 * What API Gateway does with an allowed request on a method that asks for an API key: it takes the key that the
 * authorizer named, and counts the request by that key's usage plan. Counts are kept while the gateway runs.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
import type { UsagePlan } from '../../lambda/config/types.ts';
import type { AuthorizerResult } from './authorizer-result.ts';

type Caller = Pick<AuthorizerResult, 'usageIdentifierKey' | 'context'>;

/** Who refuses, by API Gateway's names; undefined: the request is counted and goes on. */
export type UsageRefusal = {
  readonly response: 'INVALID_API_KEY' | 'THROTTLED' | 'QUOTA_EXCEEDED';
  /** For the log. */
  readonly reason: 'api_key_missing' | 'api_key_unknown' | 'plan_throttled' | 'plan_quota_exceeded';
};

/**
 * Which plan an API key was made for. API Gateway knows it by the key; here, the credential does.
 * @returns undefined where no such credential has that key.
 */
export type PlanOfKey = (key: {
  readonly apiKey: string;
  readonly credentialId: string;
}) => Promise<string | undefined>;

export interface UsagePlans {
  count(caller: Caller): Promise<UsageRefusal | undefined>;
  /** API keys may be others now; what was counted stays. */
  forgetKeys(): void;
}

/** @param now milliseconds since 1970. */
export function createUsagePlans(
  plans: readonly UsagePlan[],
  { planOfKey, now }: { readonly planOfKey: PlanOfKey; readonly now: () => number },
): UsagePlans {
  const known = new Map<string, UsagePlan>();
  const counters = new Map<string, Counter>();
  const planOf = async (apiKey: string, { credentialId = '' }: Caller['context']) => {
    const remembered = known.get(apiKey);
    if (remembered !== undefined) return remembered;
    const name = await planOfKey({ apiKey, credentialId });
    const plan = plans.find((one) => one.name === name);
    if (plan !== undefined) known.set(apiKey, plan);
    return plan;
  };
  return {
    async count({ usageIdentifierKey: apiKey, context }) {
      if (apiKey === undefined) return { response: 'INVALID_API_KEY', reason: 'api_key_missing' };
      const plan = await planOf(apiKey, context);
      if (plan === undefined) return { response: 'INVALID_API_KEY', reason: 'api_key_unknown' };
      const counter = counters.get(apiKey) ?? newCounter(plan, now());
      counters.set(apiKey, counter);
      return countRequest(plan, counter, now());
    },
    forgetKeys: () => known.clear(),
  };
}

interface Counter {
  /** Requests that may come at once: a bucket that fills with `rateLimit` a second, up to `burstLimit`. */
  tokens: number;
  atMs: number;
  periodStartMs: number;
  used: number;
}

const newCounter = ({ throttle }: UsagePlan, nowMs: number): Counter => ({
  tokens: throttle?.burstLimit ?? 0,
  atMs: nowMs,
  periodStartMs: 0,
  used: 0,
});

/** A request that is throttled does not count for the quota. */
function countRequest(
  { throttle, quota }: UsagePlan,
  counter: Counter,
  nowMs: number,
): UsageRefusal | undefined {
  if (throttle !== undefined) {
    const passedSeconds = Math.max(0, nowMs - counter.atMs) / 1000;
    counter.tokens = Math.min(throttle.burstLimit, counter.tokens + passedSeconds * throttle.rateLimit);
    counter.atMs = nowMs;
    if (counter.tokens < 1) return { response: 'THROTTLED', reason: 'plan_throttled' };
  }
  if (quota !== undefined) {
    const periodStartMs = startOf(quota.period, nowMs);
    if (counter.periodStartMs !== periodStartMs) Object.assign(counter, { periodStartMs, used: 0 });
    if (counter.used >= quota.limit) return { response: 'QUOTA_EXCEEDED', reason: 'plan_quota_exceeded' };
    counter.used += 1;
  }
  counter.tokens -= 1;
  return undefined;
}

/** Midnight UTC of the day, of the week's Sunday, of the month's first. @returns milliseconds since 1970. */
function startOf(period: NonNullable<UsagePlan['quota']>['period'], nowMs: number): number {
  const date = new Date(nowMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === 'MONTH') return Date.UTC(year, month);
  return Date.UTC(year, month, period === 'DAY' ? day : day - date.getUTCDay());
}
