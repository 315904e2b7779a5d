/** "Right under caching": the cached answer equals the fresh one, and both a plain model. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Invoke } from '../../bin/local/authorize.ts';
import type { AuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import { anyCase, type Case, type RequestCase } from './cases.ts';
import {
  type Answered,
  type Ask,
  type Clock,
  type Faults,
  fresh,
  showingOf,
  throughCache,
} from './emulation.ts';
import { expectedOutcome } from './model.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 2000);
const TIMEOUT_MS = 60_000 + RUNS * 20;

/** The property does not hold; any other error is a fault of the test. */
class AnswersDiffer extends Error {
  override readonly name = 'AnswersDiffer';
}

interface Tally {
  requests: number;
  cached: number;
}

async function assertSameAnswers(api: Case, faults: Faults = {}, tally?: Tally): Promise<void> {
  const [cached, uncached] = [throughCache(api, faults), fresh(api, faults)];
  for (const [i, request] of api.requests.entries()) {
    const [one, other] = [await cached(request), await uncached(request)];
    if (one === undefined || other === undefined) continue;
    const expected = expectedOutcome(modelOf(api), {
      ...request,
      resource: one.resource,
      showing: showingOf(request.caller),
    });
    if (tally) {
      tally.requests += 1;
      tally.cached += one.isCached ? 1 : 0;
    }
    const isSame = one.outcome === expected && other.outcome === expected;
    if (isSame && JSON.stringify(one.caller) === JSON.stringify(other.caller)) continue;
    throw new AnswersDiffer(
      `request ${i} in ${one.resource}: cached ${one.outcome}, fresh ${other.outcome}, expected ${expected}`,
    );
  }
}

function modelOf({ setup, routes }: Case) {
  const { onDenial, passThrough, places } = setup;
  return {
    routes,
    onDenial,
    allowsAnonymous: passThrough,
    placeCount: places === 'bearer, then query' ? 2 : 1,
  };
}

/** Rarely drawn: the path of a rule inside a greedy resource, in other letters. */
const IN_CAPITALS: Case = {
  setup: { places: 'bearer', passThrough: false, onDenial: 'unauthorized', expiryCondition: false },
  routes: [{ paths: ['/a/{proxy+}'], scopes: ['w'] }],
  resources: ['/{proxy+}'],
  requests: [0, 1].map(() => ({
    caller: { kind: 'valid', scopes: [], choice: 0 },
    path: '/A/a',
    method: 'GET',
  })),
};

test(
  `cached, fresh and expected answers are the same (${RUNS} runs)`,
  async () => {
    const tally: Tally = { requests: 0, cached: 0 };
    await fc.assert(
      fc.asyncProperty(anyCase, (api) => assertSameAnswers(api, {}, tally)),
      { numRuns: RUNS, examples: [[IN_CAPITALS]] },
    );
    // Otherwise the cases would have lost their point.
    expect(tally.cached / tally.requests).toBeGreaterThan(0.1);
  },
  TIMEOUT_MS,
);

/** With a Deny from `exp` on in it, a cached answer is right at any time. */
async function assertSameAsTimePasses(api: Case, pauses: readonly number[]): Promise<void> {
  const clock: Clock = { nowMs: NOW_SECONDS * 1000 };
  const timed: Case = { ...api, setup: { ...api.setup, expiryCondition: true } };
  const [cached, uncached] = [throughCache(timed, {}, clock), fresh(timed, {}, clock)];
  for (const [i, request] of api.requests.entries()) {
    clock.nowMs += pauses[i % pauses.length] ?? 0;
    const [one, other] = await both(cached, uncached, request);
    if (isAllowed(one) !== isAllowed(other)) {
      throw new AnswersDiffer(`request ${i}: cached ${one?.outcome}, fresh ${other?.outcome}`);
    }
  }
}

async function both(one: Ask, other: Ask, request: RequestCase) {
  return [await one(request), await other(request)] as const;
}

function isAllowed(answer: Answered | undefined): boolean {
  return answer?.outcome === 'authenticated' || answer?.outcome === 'anonymous';
}

test(
  'with expiryCondition a cached answer stays right while tokens begin and end',
  async () => {
    const pauses = fc.array(fc.constantFrom(0, 1, 999, 1000, 49_999, 50_000, 100_000), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(fc.asyncProperty(anyCase, pauses, assertSameAsTimePasses), {
      numRuns: Math.ceil(RUNS / 4),
    });
  },
  TIMEOUT_MS,
);

describe('the property notices', () => {
  /** Forgets one identity source of three: token, resourcePath, httpMethod. */
  const forgetting = (position: number) => (cache: AuthorizerCache) => {
    const shortened = (key: string) => {
      const [id, values] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
      const list: unknown[] = JSON.parse(values);
      return list.length === 3 ? `${id} ${JSON.stringify(list.toSpliced(position, 1))}` : key;
    };
    return {
      ...cache,
      get: (key: string) => cache.get(shortened(key)),
      reserve: (key: string, seconds: number) => cache.reserve(shortened(key), seconds),
    };
  };

  /** Allows the stage where the method and the resource should be named. */
  const allowingTheStage =
    (invoke: Invoke): Invoke =>
    async (event) => {
      const text = JSON.stringify(await invoke(event));
      return JSON.parse(text, (_, value) =>
        value?.Effect === 'Allow' ? { ...value, Resource: 'arn:aws:execute-api:*' } : value,
      );
    };

  test.each<[string, Faults]>([
    ['that httpMethod is no identity source', { cache: forgetting(2) }],
    ['that resourcePath is no identity source', { cache: forgetting(1) }],
    [
      'that an Allow names the stage and resourcePath is no identity source',
      { cache: forgetting(1), invoke: allowingTheStage },
    ],
    [
      'that an Allow names the stage and httpMethod is no identity source',
      { cache: forgetting(2), invoke: allowingTheStage },
    ],
  ])(
    '%s',
    async (_, faults) => {
      const property = fc.asyncProperty(anyCase, (api) => assertSameAnswers(api, faults));
      // A fixed seed: that the fault is found must not be a matter of luck.
      const result = await fc.check(property, { numRuns: 500, seed: 1, endOnFailure: true });
      expect(result.failed).toBe(true);
      expect(result.errorInstance).toBeInstanceOf(AnswersDiffer);
    },
    TIMEOUT_MS,
  );
});
