/** The property finds every fault that is put in on purpose. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCase } from './cases.ts';
import { PLANTED } from './faults.ts';
import { AnswersDiffer, assertSameAnswers } from './same-answers.ts';

/** A fixed seed: that a fault is found must not be a matter of luck. */
const SEED = 2;
const RUNS = 3000;

export function describePlanted(): void {
  describe('the property notices', () => {
    test.each(PLANTED)('$name', async ({ faults, among = (api) => api }) => {
      const property = fc.asyncProperty(anyCase.map(among), (api) => assertSameAnswers(api, faults));
      const result = await fc.check(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
      expect(result.failed).toBe(true);
      expect(result.errorInstance).toBeInstanceOf(AnswersDiffer);
    });
  });
}
