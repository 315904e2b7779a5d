/**
 * The caching proof at length: PROPERTY_RUNS (100,000) cases, from PROPERTY_SEED (another every time); a seed that is
 * given again gives the same cases. Shorter on every `npm test`: test/property/caching.test.ts.
 */
import fc from 'fast-check';
import { it } from 'vitest';
import type { Case } from '../property/case.ts';
import { anyCase } from '../property/cases.ts';
import { describePlanted } from '../property/planted.ts';
import { assertSameAnswers } from '../property/same-answers.ts';
import { expectShares, newTally, sharesOf } from '../property/tally.ts';
import { anyPauses, assertSameAsTimePasses } from '../property/time-passing.ts';
import { report } from './command.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 100_000);
const SEED = Number(process.env['PROPERTY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const AT_MOST_MS = 45 * 60_000;
const TOLD_EVERY_MS = 15_000;

const parameters = (numRuns: number) => ({
  numRuns,
  seed: SEED,
  interruptAfterTimeLimit: AT_MOST_MS,
  markInterruptAsFailure: true,
});

/** Calls that are counted aloud, now and then. */
function counted<Arguments extends unknown[]>(
  what: string,
  call: (...given: Arguments) => Promise<void>,
): (...given: Arguments) => Promise<void> {
  const startedMs = Date.now();
  let [calls, toldMs] = [0, startedMs];
  return async (...given) => {
    await call(...given);
    calls += 1;
    if (Date.now() - toldMs < TOLD_EVERY_MS) return;
    toldMs = Date.now();
    report(what, `${calls} cases in ${((toldMs - startedMs) / 1000).toFixed(0)} s`);
  };
}

it(`cached = fresh = model, ${RUNS} cases, seed ${SEED}`, async () => {
  report('cached = fresh = model', `${RUNS} cases, PROPERTY_SEED=${SEED}`);
  const tally = newTally();
  const startedMs = Date.now();
  const assertSame = counted('cached = fresh = model', (api: Case) => assertSameAnswers(api, {}, tally));
  await fc.assert(fc.asyncProperty(anyCase, assertSame), parameters(RUNS));
  report('requests', `${tally.requests} in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
  for (const [name, share] of sharesOf(tally)) report(name, `${(100 * share).toFixed(1)} %`);
  expectShares(tally);
});

it(`the same while tokens begin and end, ${RUNS / 4} cases, seed ${SEED}`, async () => {
  const assertSame = counted('while tokens begin and end', assertSameAsTimePasses);
  await fc.assert(fc.asyncProperty(anyCase, anyPauses, assertSame), parameters(Math.ceil(RUNS / 4)));
});

describePlanted();
