import type { Outcome } from '../../lambda/authorizer/respond.ts';
import { gatewayResponsesOf } from '../../lambda/config/gateway-responses.ts';
import {
  describeRevocation,
  type RevocationBound,
  revocationBound,
} from '../../lambda/config/revocation-bound.ts';
import type { Conclusion } from '../local/authorize.ts';
import type { AuthorizerResult } from '../local/authorizer-result.ts';
import { type GatewayResponse, gatewayResponse } from '../local/gateway-responses.ts';
import { createUsagePlans, type UsageRefusal } from '../local/usage-plans.ts';
import { cacheUseOf } from './cache.ts';
import {
  type ExplainedStep,
  type Explanation,
  REASONS,
  type ReasonCode,
  type RevocationTerms,
} from './explanation.ts';
import { show } from './show.ts';
import { type Circumstances, isUnreachable } from './witness.ts';

/** What was told so far. */
export interface Story {
  readonly circumstances: Circumstances;
  readonly request: Explanation['request'];
  readonly steps: readonly ExplainedStep[];
}

type Refused = Extract<Conclusion, { allowed: false }>;
type Decided = Extract<Outcome, { kind: 'decided' }>;

/** The end, where the function was asked. */
export async function conclude(story: Story, conclusion: Conclusion, outcome: Outcome): Promise<Explanation> {
  if (conclusion.allowed) {
    const refusal = await refusedByPlan(conclusion.caller, outcome, story.circumstances);
    return refusal === undefined ? allowed(story, conclusion) : uncounted(story, refusal);
  }
  return outcome.kind === 'unavailable'
    ? unavailable(story, conclusion, outcome.error)
    : refused(story, conclusion, outcome);
}

function allowed(story: Story, { caller }: Extract<Conclusion, { allowed: true }>): Explanation {
  const { principalId, usageIdentifierKey } = caller;
  const plan = usageIdentifierKey === undefined ? '' : ", counted by the credential's API key";
  const text = `the request goes on to the API, as ${show(principalId)}${plan}`;
  const steps: Explanation['steps'] = [...story.steps, { step: 'answer', outcome: 'passed', text }];
  const response = { status: null, principalId };
  return { ...begun(story), decision: 'allowed', steps, response, cache: cacheOf(story, 'kept') };
}

/**
 * What API Gateway says where its methods ask for an API key and the caller has none that is in a plan. How much
 * of a plan was used, it alone knows.
 */
async function refusedByPlan(
  caller: AuthorizerResult,
  outcome: Outcome,
  { config, isDeployed = false, nowMs }: Circumstances,
): Promise<UsageRefusal | undefined> {
  if (config.plans === undefined) return undefined;
  const known = outcome.kind === 'decided' ? outcome.decision.caller : undefined;
  const plan = known?.kind === 'authenticated' ? known.found?.credential.plan : undefined;
  const plans = createUsagePlans(config.plans, { planOfKey: async () => plan, now: () => nowMs });
  const refusal = await plans.count(caller);
  return isDeployed && refusal?.reason === 'api_key_unknown' ? undefined : refusal;
}

function uncounted(story: Story, { response: name, reason }: UsageRefusal): Explanation {
  const { response, step } = answeredBy(name, story);
  const plan = refusal('plan', 'the methods ask for an API key in a usage plan', reason);
  const steps = [...story.steps, plan, step];
  return {
    ...begun(story),
    ...{ decision: 'denied', code: reason, steps, response, cache: cacheOf(story, 'kept') },
  };
}

/** A 500, unless the function reaches what could not be reached from here. */
function unavailable(story: Story, { reason, response: name }: Refused, error: unknown): Explanation {
  const common = begun(story);
  const cache = cacheOf(story, 'not kept');
  const decision = isUnreachable(error) ? 'unknown' : 'failed';
  const code = story.steps.find(({ outcome }) => outcome === decision)?.code ?? reason;
  if (decision === 'failed') {
    const { response, step } = answeredBy(name, story);
    return { ...common, decision, code, steps: [...story.steps, step], response, cache };
  }
  const step: ExplainedStep = { step: 'answer', outcome: 'unknown', text: 'nobody can tell from here' };
  return {
    ...{ ...common, decision, code, steps: [...story.steps, step], response: { status: null } },
    cache: { ...cache, text: 'depends on the answer' },
  };
}

function refused(
  story: Story,
  { reason, response: name, context }: Refused,
  { decision, answer }: Decided,
): Explanation {
  const { response, step } = answeredBy(name, story, context);
  const isDenied = decision.kind === 'denied';
  const publicCode = isDenied ? answer?.context?.['code'] : undefined;
  const byPolicy = isDenied ? [] : [refusal('answer', 'the policy refuses this path', reason)];
  return {
    ...begun(story),
    decision: name === 'UNAUTHORIZED' || name.startsWith('ACCESS_DENIED') ? 'denied' : 'failed',
    code: isDenied ? decision.denial.code : reason,
    ...(typeof publicCode === 'string' && { publicCode }),
    steps: [...story.steps, ...byPolicy, step],
    response,
    cache: cacheOf(story, answer === undefined ? 'not kept' : 'kept'),
  };
}

/** API Gateway answers by itself. */
export function refusedByGateway(
  story: Story,
  { response: name, reason }: Omit<Refused, 'allowed'>,
): Explanation {
  const { response, step } = answeredBy(name, story);
  const steps = [...story.steps, step];
  return {
    ...begun(story),
    decision: 'denied',
    code: reason,
    steps,
    response,
    cache: cacheOf(story, 'none'),
  };
}

/** The API answers by itself. */
export function preflight(story: Story): Explanation {
  const { steps } = story;
  const response = { status: 204 };
  return { ...begun(story), decision: 'allowed', steps, response, cache: cacheOf(story, 'none') };
}

export function refusal(
  step: 'method' | 'identity' | 'plan' | 'answer',
  text: string,
  reason: string,
): ExplainedStep {
  const remedy = reason in REASONS ? REASONS[reason as ReasonCode] : undefined;
  return { step, outcome: 'denied', code: reason, text, ...(remedy !== undefined && { remedy }) };
}

/** gatewayResponse puts an id of the request's into a header, which nobody is shown. */
const NO_ID = '';

function answeredBy(name: GatewayResponse, { circumstances }: Story, context?: Refused['context']) {
  const responses = gatewayResponsesOf(circumstances.config);
  const { status, body } = gatewayResponse(name, { requestId: NO_ID, responses, context });
  const outcome = status === 500 ? 'failed' : 'denied';
  const step: ExplainedStep = { step: 'answer', outcome, text: `${status} ${body}` };
  return { response: { status, body }, step };
}

const begun = ({ circumstances, request }: Story) => ({
  at: new Date(circumstances.nowMs).toISOString(),
  request,
  revocation: revocationTerms(circumstances),
});

function revocationTerms({ config, localGateway }: Circumstances): RevocationTerms {
  const bound = revocationBound(config);
  return {
    seconds: bound?.withFlushesSeconds ?? null,
    secondsWithoutFlushes: bound?.withoutFlushesSeconds ?? null,
    text:
      bound !== undefined && localGateway !== undefined
        ? locally(bound)
        : describeRevocation(config, { delivery: ' + the delivery of the flush' }),
  };
}

/** A local gateway's flush is no message that may be late. */
const locally = ({
  credentialCacheSeconds,
  functionTimeoutSeconds,
  withFlushesSeconds,
  authorizerCacheSeconds,
}: RevocationBound): string =>
  `what is taken away still counts for at most ${credentialCacheSeconds} s (credentialCacheSeconds) + ${functionTimeoutSeconds} s (the function's time limit) = ${withFlushesSeconds} s; a local gateway ${authorizerCacheSeconds === 0 ? 'keeps no answer' : 'flushes what it keeps at once, and again by then'}`;

const cacheOf = ({ circumstances, request }: Story, answer: Parameters<typeof cacheUseOf>[2]) =>
  cacheUseOf(circumstances.config, request.resource ?? '/', answer, circumstances.localGateway);
