import { describe, expect, it } from 'vitest';
import { answersNeeded, compareTimes, TOLD_APART_T } from './welch.ts';

/** The same numbers each time, spread evenly over 0…1. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}
function times(seed: number, shift = 0, count = 5_000): number[] {
  const spread = numbers(seed);
  return Array.from({ length: count }, () => 10 + shift + spread.next().value);
}

describe('compareTimes', () => {
  it('is Welch’s t: known numbers, of which none is cropped', () => {
    // Of twenty, the slowest one is cropped: a time that is far from the others in both.
    const one = [3, 4, 5, 6, 7, 3, 4, 5, 6, 7];
    const other = [5, 6, 7, 8, 5, 6, 7, 8, 6, 100];
    const { counts, difference, t } = compareTimes(one, other);
    expect(counts).toEqual([10, 9]);
    expect(difference).toBeCloseTo(58 / 9 - 5, 10);
    // Variances 20/9 and 10.222…/8.
    expect(t).toBeCloseTo((58 / 9 - 5) / Math.sqrt(20 / 9 / 10 + 92 / 9 / 8 / 9), 10);
  });

  it('does not tell two halves of one apart, and tells a twentieth of their spread', () => {
    expect(Math.abs(compareTimes(times(1), times(2)).t)).toBeLessThan(TOLD_APART_T);
    expect(compareTimes(times(1), times(2, 0.05)).t).toBeGreaterThan(TOLD_APART_T);
  });

  it('is not led by a few that took long', () => {
    const disturbed = times(2).map((time, index) => (index % 50 === 0 ? time * 1_000 : time));
    expect(Math.abs(compareTimes(times(1), disturbed).t)).toBeLessThan(TOLD_APART_T);
  });
});

it('answersNeeded: half the difference takes four times as many', () => {
  expect(answersNeeded(1, 1)).toBe(41);
  expect(answersNeeded(1, 1_000) / answersNeeded(2, 1_000)).toBeCloseTo(4, 3);
});
