/** "Right under caching": the cached answer equals the fresh one, and both a plain model. */
import fc from 'fast-check';
import { test } from 'vitest';
import type { Case } from './case.ts';
import { anyCase } from './cases.ts';
import { describePlanted } from './planted.ts';
import type { PolicyCase, TokenCase } from './policy-cases.ts';
import { assertSameAnswers } from './same-answers.ts';
import { NO_REVOCATIONS } from './table.ts';
import { expectShares, newTally } from './tally.ts';
import { anyPauses, assertSameAsTimePasses } from './time-passing.ts';
import { readableToken } from './tokens.ts';

const RUNS = 1000;
const TIMEOUT_MS = 120_000;

/** Rarely drawn: the path of a rule inside a greedy resource, in other letters. */
const IN_CAPITALS: Case = {
  setup: {
    policies: [
      {
        place: 'bearer',
        key: 0,
        isControlled: false,
        tokenRevocation: false,
        hasScopeClaim: true,
        passThrough: false,
      },
    ],
    onDenial: 'unauthorized',
    expiryCondition: false,
    authorizerCacheSeconds: 300,
    credentialCacheSeconds: 0,
  },
  routes: [{ paths: ['/a/{proxy+}'], scopes: ['w'] }],
  resources: ['/{proxy+}'],
  resourcePolicy: undefined,
  table: { credentials: [], users: [], applications: [], revocations: NO_REVOCATIONS },
  steps: [0, 1].map(() => ({
    kind: 'request',
    request: {
      caller: [{ kind: 'valid', policy: 0, shift: 0, scopes: [], credential: 0, issuedAtSeconds: undefined }],
      path: '/A/a',
      method: 'GET',
      from: 'office',
    },
    takesMs: 0,
  })),
};

const of = (policy: number): TokenCase => ({
  kind: 'valid',
  ...{ policy, shift: 0, scopes: [], credential: 2, issuedAtSeconds: undefined },
});
const plain = { place: 'bearer', isControlled: false, hasScopeClaim: false, passThrough: false } as const;
const TWO_KEYS: readonly PolicyCase[] = [
  { ...plain, key: 0, tokenRevocation: true },
  { ...plain, key: 1, tokenRevocation: false },
];

/** Rarely drawn: the same claims signed with two keys. Revoked is the signed part, and so are both. */
const REVOKED_TWIN: Case = {
  ...IN_CAPITALS,
  setup: { ...IN_CAPITALS.setup, policies: TWO_KEYS },
  routes: [],
  steps: [
    { kind: 'change', change: { kind: 'token revoked', token: readableToken(of(1), TWO_KEYS) } },
    {
      kind: 'request',
      request: { caller: [of(0)], path: '/a', method: 'GET', from: 'office' },
      takesMs: 0,
    },
  ],
};

test(
  `cached, fresh and expected answers are the same (${RUNS} runs)`,
  async () => {
    const tally = newTally();
    const property = fc.asyncProperty(anyCase, (api) => assertSameAnswers(api, {}, tally));
    await fc.assert(property, { numRuns: RUNS, examples: [[IN_CAPITALS], [REVOKED_TWIN]] });
    expectShares(tally);
  },
  TIMEOUT_MS,
);

test(
  'with expiryCondition a cached answer stays right while tokens begin and end',
  async () => {
    const property = fc.asyncProperty(anyCase, anyPauses, assertSameAsTimePasses);
    await fc.assert(property, { numRuns: RUNS / 4 });
  },
  TIMEOUT_MS,
);

describePlanted();
