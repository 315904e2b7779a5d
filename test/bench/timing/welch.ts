/**
 * Whether two classes of measured times are of one distribution, by Welch's t-test, as dudect does it: what an attacker who
 * sees many answers could tell.
 * @see Reparaz, Balasch, Verbauwhede: Dude, is my code constant time? (2016), https://eprint.iacr.org/2016/1123
 */

/** dudect: beyond it, the classes are told apart. */
export const TOLD_APART_T = 4.5;
/** Of the pooled times the slowest are left out: a collection, another process. dudect crops so too. */
const CROPPED_ABOVE = 0.95;

export interface Compared {
  /** How many times are left of each class. */
  readonly counts: readonly [number, number];
  /** The second class's mean less the first's. In the unit of the times. */
  readonly difference: number;
  readonly t: number;
}

/** @param one as many times as there are; none of them NaN. */
export function compareTimes(one: readonly number[], other: readonly number[]): Compared {
  const pooled = [...one, ...other].sort((a, b) => a - b);
  const limit = pooled[Math.ceil(pooled.length * CROPPED_ABOVE) - 1] ?? Number.POSITIVE_INFINITY;
  const [a, b] = [one, other].map((times) => summaryOf(times.filter((time) => time <= limit)));
  if (a === undefined || b === undefined) throw new Error('two classes');
  const difference = b.mean - a.mean;
  const error = Math.sqrt(a.variance / a.count + b.variance / b.count);
  return { counts: [a.count, b.count], difference, t: error === 0 ? 0 : difference / error };
}

function summaryOf(times: readonly number[]) {
  const count = times.length;
  const mean = times.reduce((sum, time) => sum + time, 0) / count;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}

/**
 * How many answers of each class tell them apart for who sees them through a noise.
 * @param difference of the means. @param noise its standard deviation, in the same unit.
 */
export const answersNeeded = (difference: number, noise: number): number =>
  Math.ceil(2 * ((TOLD_APART_T * noise) / difference) ** 2);
