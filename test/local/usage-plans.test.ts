import { describe, expect, test } from 'vitest';
import { createUsagePlans, type PlanOfKey } from '../../bin/local/usage-plans.ts';
import type { UsagePlan } from '../../lambda/config/types.ts';

const START_MS = Date.parse('2026-05-01T12:00:00.000Z');
const PLANS: readonly UsagePlan[] = [
  { name: 'fast', throttle: { rateLimit: 2, burstLimit: 3 } },
  { name: 'slow', throttle: { rateLimit: 0.1, burstLimit: 1 } },
  { name: 'daily', quota: { limit: 2, period: 'DAY' } },
  { name: 'weekly', quota: { limit: 1, period: 'WEEK' } },
  { name: 'monthly', quota: { limit: 1, period: 'MONTH' } },
  { name: 'both', throttle: { rateLimit: 1, burstLimit: 1 }, quota: { limit: 2, period: 'DAY' } },
  { name: 'free' },
];
const planOfName: PlanOfKey = async ({ apiKey }) => apiKey.split('-')[0];

function open(planOfKey: PlanOfKey = planOfName) {
  const clock = { nowMs: START_MS };
  const plans = createUsagePlans(PLANS, { planOfKey, now: () => clock.nowMs });
  const ask = async (apiKey: string | undefined, credentialId = 'k') => {
    const refused = await plans.count({
      context: { credentialId },
      ...(apiKey !== undefined && { usageIdentifierKey: apiKey }),
    });
    return refused?.reason ?? 'counted';
  };
  const several = async (apiKey: string, count: number) => {
    const outcomes: string[] = [];
    for (let i = 0; i < count; i += 1) outcomes.push(await ask(apiKey));
    return outcomes;
  };
  return { clock, plans, ask, several };
}

describe('an API key', () => {
  test('must be named by the authorizer, and of a plan', async () => {
    const { ask } = open();
    expect(await ask(undefined)).toBe('api_key_missing');
    expect(await ask('unknown-1')).toBe('api_key_unknown');
    expect(await ask('')).toBe('api_key_unknown');
    expect(await ask('free-1')).toBe('counted');
  });

  test('is looked up with its credential, once, and again when keys may be others', async () => {
    const asked: object[] = [];
    let plan: string | undefined;
    const { ask, plans } = open(async (key) => {
      asked.push(key);
      return plan;
    });
    expect(await ask('a', 'cred-1')).toBe('api_key_unknown');
    plan = 'free';
    expect(await ask('a', 'cred-1')).toBe('counted');
    expect(await ask('a', 'cred-1')).toBe('counted');
    expect(asked).toEqual([
      { apiKey: 'a', credentialId: 'cred-1' },
      { apiKey: 'a', credentialId: 'cred-1' },
    ]);
    plan = undefined;
    plans.forgetKeys();
    expect(await ask('a', 'cred-1')).toBe('api_key_unknown');
  });

  test('of a plan without limits is never refused', async () => {
    const { several } = open();
    expect(new Set(await several('free-1', 1000))).toEqual(new Set(['counted']));
  });
});

describe('rate and burst', () => {
  test('let a burst through, and then the rate', async () => {
    const { several, clock, ask } = open();
    expect(await several('fast-1', 4)).toEqual(['counted', 'counted', 'counted', 'plan_throttled']);
    clock.nowMs += 499;
    expect(await ask('fast-1')).toBe('plan_throttled');
    clock.nowMs += 1;
    expect(await several('fast-1', 2)).toEqual(['counted', 'plan_throttled']);
    clock.nowMs += 3_600_000;
    expect(await several('fast-1', 4)).toEqual(['counted', 'counted', 'counted', 'plan_throttled']);
  });

  test('may be less than one a second', async () => {
    const { ask, clock } = open();
    expect(await ask('slow-1')).toBe('counted');
    clock.nowMs += 9_999;
    expect(await ask('slow-1')).toBe('plan_throttled');
    clock.nowMs += 1;
    expect(await ask('slow-1')).toBe('counted');
  });

  test('are counted for each API key, whoever else asks', async () => {
    const { several, ask } = open();
    await several('fast-1', 5);
    expect(await ask('fast-2')).toBe('counted');
  });

  test('are not counted anew when keys may be others', async () => {
    const { several, ask, plans } = open();
    await several('fast-1', 3);
    plans.forgetKeys();
    expect(await ask('fast-1')).toBe('plan_throttled');
  });

  test('are no more for a clock that is set back', async () => {
    const { several, clock, ask } = open();
    await several('fast-1', 3);
    clock.nowMs -= 60_000;
    expect(await ask('fast-1')).toBe('plan_throttled');
    clock.nowMs += 500;
    expect(await ask('fast-1')).toBe('counted');
  });
});

describe('a quota', () => {
  test.each([
    ['daily', 2, '2026-05-01T23:59:59.999Z', '2026-05-02T00:00:00.000Z'],
    // A Friday; weeks begin on Sunday.
    ['weekly', 1, '2026-05-02T23:59:59.999Z', '2026-05-03T00:00:00.000Z'],
    ['monthly', 1, '2026-05-31T23:59:59.999Z', '2026-06-01T00:00:00.000Z'],
  ])('%s holds until the period’s end', async (plan, limit, last, next) => {
    const { several, clock, ask } = open();
    const counted = Array.from({ length: limit }, () => 'counted');
    expect(await several(`${plan}-1`, limit + 1)).toEqual([...counted, 'plan_quota_exceeded']);
    clock.nowMs = Date.parse(last);
    expect(await ask(`${plan}-1`)).toBe('plan_quota_exceeded');
    clock.nowMs = Date.parse(next);
    expect(await several(`${plan}-1`, limit + 1)).toEqual([...counted, 'plan_quota_exceeded']);
  });

  test('is not used up by what is throttled', async () => {
    const { several, clock } = open();
    expect(await several('both-1', 3)).toEqual(['counted', 'plan_throttled', 'plan_throttled']);
    clock.nowMs += 1_000;
    expect(await several('both-1', 2)).toEqual(['counted', 'plan_throttled']);
    clock.nowMs += 1_000;
    expect(await several('both-1', 1)).toEqual(['plan_quota_exceeded']);
  });
});
