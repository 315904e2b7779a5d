import { expect, test } from 'vitest';
import { growthOf, slopeOf } from './memory.ts';
import type { Sample } from './served.ts';

test('a line through points', () => {
  expect(
    slopeOf([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBeCloseTo(2);
  expect(
    slopeOf([
      [0, 1],
      [1, -1],
      [2, 1],
      [3, -1],
      [4, 1],
    ]),
  ).toBeCloseTo(0);
});

const sampled = (mbOf: (minute: number) => number, handlesOf = (_minute: number) => 30): readonly Sample[] =>
  Array.from({ length: 30 }, (_, minute) => ({
    ...{
      atMs: minute * 60_000,
      heapMb: mbOf(minute),
      externalMb: 1,
      rssMb: 0,
      longestStallMs: 0,
      handles: handlesOf(minute),
    },
  }));

test('what fills at first and then stays does not grow', () => {
  expect(growthOf(sampled((minute) => Math.min(minute, 9))).mbAMinute).toBeCloseTo(0);
});

test('a leak of half a megabyte a minute shows under waves of eight', () => {
  const waves = (minute: number) => 40 + 8 * (minute % 2);
  expect(growthOf(sampled(waves)).mbAMinute).toBeLessThan(0.2);
  expect(growthOf(sampled((minute) => waves(minute) + minute / 2)).mbAMinute).toBeGreaterThan(0.3);
});

test('handles that come and go do not count; one a minute that stays does', () => {
  expect(
    growthOf(
      sampled(
        () => 1,
        (minute) => 30 + 50 * (minute % 3),
      ),
    ).handles,
  ).toBe(0);
  expect(
    growthOf(
      sampled(
        () => 1,
        (minute) => 30 + minute,
      ),
    ).handles,
  ).toBe(10);
});
