import { describe, expect, test } from 'vitest';
import { parsedFile, policy, problemsOf } from './parsing.ts';

const jwt = policy({ checkCredentialExistence: true });
const plansOf = (plans: unknown) => parsedFile({ jwt, plans }).plans;
const problems = (plans: unknown, file: object = {}) => problemsOf({ jwt, plans, ...file });
const gold = (options: object) => problems({ gold: options });

describe('plans', () => {
  test('are none where none are asked for', () => {
    expect(parsedFile({ jwt })).not.toHaveProperty('plans');
  });

  test('keep their order, their limits and their own words', () => {
    expect(
      plansOf({
        silver: { rateLimit: 0.5, burstLimit: 1 },
        gold: { rateLimit: 100, burstLimit: 200, quota: { limit: 1_000_000, period: 'MONTH' } },
        metered: {},
      }),
    ).toEqual([
      { name: 'silver', throttle: { rateLimit: 0.5, burstLimit: 1 } },
      {
        name: 'gold',
        throttle: { rateLimit: 100, burstLimit: 200 },
        quota: { limit: 1_000_000, period: 'MONTH' },
      },
      { name: 'metered' },
    ]);
  });

  test.each([[null], ['gold'], [['gold']], [true], [{}]])('%j is refused', (plans) => {
    expect(problems(plans)).toEqual(['value_invalid at plans']);
  });

  test.each([
    ['a', true],
    ['Gold-2_x', true],
    ['constructor', true],
    [`a${'b'.repeat(29)}`, true],
    [`a${'b'.repeat(30)}`, false],
    ['', false],
    ['2nd', false],
    ['-gold', false],
    ['gold plan', false],
    ['gold\n', false],
    ['gôld', false],
    ['plans.gold', false],
  ])('the name %j: %s', (name, isFit) => {
    expect(problems({ [name]: {} })).toEqual(isFit ? [] : ['value_invalid at plans["…"]']);
  });

  test('__proto__ is a name like any other that is not fit', () => {
    expect(problems(JSON.parse('{ "__proto__": { "rateLimit": 1, "burstLimit": 1 } }'))).toEqual([
      'value_invalid at plans["…"]',
    ]);
  });

  test.each([
    [20, []],
    [21, ['value_invalid at plans']],
  ])('%i of them', (count, expected) => {
    const plans = Object.fromEntries(Array.from({ length: count }, (_, i) => [`plan${i}`, {}]));
    expect(problems(plans)).toEqual(expected);
  });
});

describe('the limits of a plan', () => {
  test.each([1e-3, 0.5, 1, 10_000])('rateLimit %d', (rateLimit) => {
    expect(gold({ rateLimit, burstLimit: 1 })).toEqual([]);
  });
  test.each([0, -1, '5', null, Number.NaN, Number.POSITIVE_INFINITY])(
    'rateLimit %j is refused',
    (rateLimit) => {
      expect(gold({ rateLimit, burstLimit: 1 })).toEqual(['value_invalid at plans.gold.rateLimit']);
    },
  );
  test.each([1, 2_147_483_647])('burstLimit %d', (burstLimit) => {
    expect(gold({ rateLimit: 1, burstLimit })).toEqual([]);
  });
  test.each([0, 1.5, 2_147_483_648, '5', null])('burstLimit %j is refused', (burstLimit) => {
    expect(gold({ rateLimit: 1, burstLimit })).toEqual(['value_invalid at plans.gold.burstLimit']);
  });
  test('rate and burst stand together', () => {
    expect(gold({ rateLimit: 1 })).toEqual(['value_invalid at plans.gold.burstLimit']);
    expect(gold({ burstLimit: 1 })).toEqual(['value_invalid at plans.gold.rateLimit']);
  });

  test.each(['DAY', 'WEEK', 'MONTH'])('a quota of a %s', (period) => {
    expect(gold({ quota: { limit: 1, period } })).toEqual([]);
    expect(gold({ quota: { limit: 2_147_483_647, period } })).toEqual([]);
  });
  test.each<[unknown, string[]]>([
    [null, ['value_invalid at plans.gold.quota']],
    [5, ['value_invalid at plans.gold.quota']],
    [[{ limit: 1, period: 'DAY' }], ['value_invalid at plans.gold.quota']],
    [{}, ['value_invalid at plans.gold.quota.limit', 'value_invalid at plans.gold.quota.period']],
    [{ limit: 0, period: 'DAY' }, ['value_invalid at plans.gold.quota.limit']],
    [{ limit: 2_147_483_648, period: 'DAY' }, ['value_invalid at plans.gold.quota.limit']],
    [{ limit: 1.5, period: 'DAY' }, ['value_invalid at plans.gold.quota.limit']],
    [{ limit: 1, period: 'day' }, ['value_invalid at plans.gold.quota.period']],
    [{ limit: 1, period: 'YEAR' }, ['value_invalid at plans.gold.quota.period']],
    [{ limit: 1, period: 'DAY', offset: 1 }, ['unknown_key at plans.gold.quota.offset']],
  ])('the quota %j is refused', (quota, expected) => {
    expect(gold({ quota })).toEqual(expected);
  });

  test('every problem is told at once, unknown keys included', () => {
    expect(
      problems({ gold: { rate: 1, burstLimit: 0 }, silver: null, bronze: { quota: { limit: 'x' } } }),
    ).toEqual([
      'unknown_key at plans.gold.rate',
      'value_invalid at plans.gold.burstLimit',
      'value_invalid at plans.gold.rateLimit',
      'value_invalid at plans.silver',
      'value_invalid at plans.bronze.quota.limit',
      'value_invalid at plans.bronze.quota.period',
    ]);
  });
});

describe('with plans every caller has a credential', () => {
  const PLANS = { gold: {} };
  const controlled = (options: object = {}) => policy({ checkCredentialExistence: true, ...options });

  test('so every policy looks it up', () => {
    expect(problemsOf({ jwt: policy(), plans: PLANS })).toEqual([
      'plans_need_credentials at jwt.checkCredentialExistence',
    ]);
    expect(problemsOf({ jwt: [controlled(), policy()], plans: PLANS })).toEqual([
      'plans_need_credentials at jwt[1].checkCredentialExistence',
    ]);
    expect(problemsOf({ jwt: [controlled()], plans: PLANS })).toEqual([]);
    expect(problemsOf({ jwt: policy() })).toEqual([]);
  });

  test('and nobody passes as anonymous', () => {
    expect(problemsOf({ jwt: controlled({ passThrough: true }), plans: PLANS })).toEqual([
      'plans_need_credentials at plans',
    ]);
    const list = (second: object) => [
      controlled({ issuer: 'a', passThrough: true }),
      controlled({ issuer: 'b', ...second }),
    ];
    expect(problemsOf({ jwt: list({ passThrough: true }), plans: PLANS })).toEqual([
      'plans_need_credentials at plans',
    ]);
    expect(problemsOf({ jwt: list({}), plans: PLANS })).toEqual([]);
  });

  test('which is not said of policies that are not there', () => {
    expect(problemsOf({ jwt: [], plans: PLANS })).toEqual(problemsOf({ jwt: [] }));
  });

  test('which is said beside other faults, of the plans and of the policies', () => {
    expect(
      problemsOf({ jwt: policy({ secretOrPublicKey: 'short' }), plans: { gold: { rateLimit: 0 } } }),
    ).toEqual([
      'secret_too_short at jwt.secretOrPublicKey',
      'value_invalid at plans.gold.rateLimit',
      'value_invalid at plans.gold.burstLimit',
      'plans_need_credentials at jwt.checkCredentialExistence',
    ]);
  });

  test('a policy that cannot be read is not taken for one that passes through', () => {
    const jwt = [controlled({ passThrough: true }), { ...controlled(), passThrough: 'yes' }];
    expect(problemsOf({ jwt, plans: PLANS })).toEqual(['value_invalid at jwt[1].passThrough']);
  });
});

test('on an API that exists there are no plans', () => {
  expect(problems({ gold: {} }, { restApi: { id: 'abc', stages: 'prod' } })).toEqual([
    'plans_need_own_api at plans',
  ]);
});
