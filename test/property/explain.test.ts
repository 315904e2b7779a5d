/** Who is watched decides as who is not: `explain` on every event that the generated requests lead to. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explain } from '../../bin/explain/explain.ts';
import { explanationText } from '../../bin/explain/text.ts';
import type { Circumstances } from '../../bin/explain/witness.ts';
import type { AuthorizerEvent } from '../../bin/local/events.ts';
import { respond } from '../../lambda/authorizer/respond.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import type { Case } from './case.ts';
import { anyCase } from './cases.ts';
import { configFor, dependenciesFor, emulate, NO_CACHE } from './emulation.ts';

const RUNS = 400;
const NOW_MS = NOW_SECONDS * 1000;

interface Counts {
  allowed: number;
  denied: number;
}

async function assertSameDecisions(api: Case, counts: Counts): Promise<void> {
  const surroundings = { table: () => api.table, rememberSeconds: 0, now: () => NOW_MS };
  const config = configFor(api.setup, api.routes);
  const dependencies = dependenciesFor(config, surroundings);
  const circumstances: Circumstances = {
    ...{ config, dependencies, nowMs: NOW_MS },
    keySourceOf: ({ index }) => `the key of ${index}`,
  };
  let event: AuthorizerEvent | undefined;
  const ask = emulate(
    { ...api, resourcePolicy: undefined },
    {
      ...{ ...surroundings, cache: NO_CACHE },
      faults: {
        invoke: (invoke) => (invoked) => {
          event = invoked;
          return invoke(invoked);
        },
      },
    },
  );
  for (const step of api.steps) {
    if (step.kind !== 'request') continue;
    event = undefined;
    const answered = await ask(step.request);
    if (answered === undefined || event === undefined) continue;
    const explanation = await explain({ kind: 'event', event }, circumstances);
    const outcome = await respond(event, dependencies);

    const status = { authenticated: null, anonymous: null, '401': 401, '403': 403 }[String(answered.outcome)];
    expect(explanation.response.status).toBe(status);
    const isAllowed = status === null;
    expect(explanation.decision).toBe(isAllowed ? 'allowed' : 'denied');
    counts[isAllowed ? 'allowed' : 'denied'] += 1;
    if (outcome.kind !== 'decided') return expect.fail('the function is unavailable');
    if (outcome.decision.kind === 'denied') expect(explanation.code).toBe(outcome.decision.denial.code);
    expect(explanation.steps.filter(({ remedy }) => remedy !== undefined)).toHaveLength(isAllowed ? 0 : 1);

    const told =
      JSON.stringify(explanation) + explanationText(explanation, { isUnicode: true, hasColours: true });
    for (const signature of signaturesIn(event)) expect(told).not.toContain(signature);
  }
}

/** The last part of whatever in the event looks like a token. */
const signaturesIn = (event: unknown): readonly string[] =>
  [...JSON.stringify(event).matchAll(/[\w-]+\.[\w-]+\.([\w-]{20,})/g)].map(([, signature = '']) => signature);

test(`explain says what is decided (${RUNS} runs)`, async () => {
  const counts = { allowed: 0, denied: 0 };
  await fc.assert(
    fc.asyncProperty(anyCase, (api) => assertSameDecisions(api, counts)),
    { numRuns: RUNS },
  );
  expect(counts.allowed).toBeGreaterThan(RUNS / 4);
  expect(counts.denied).toBeGreaterThan(RUNS / 4);
}, 120_000);
