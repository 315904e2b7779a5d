/** How far the cases got: a fuzzer whose cases all end at the first step finds nothing. */
import { STAGES, type Stage } from './reference/judge.ts';

export interface Tally {
  cases: number;
  /** Nothing that was done to them makes them wrong. */
  right: number;
  readonly ended: Record<string, number>;
  /** The longest that one answer took, the first time. Milliseconds. */
  slowestMs: number;
}

export const newTally = (): Tally => ({ cases: 0, right: 0, ended: {}, slowestMs: 0 });

export function count(
  tally: Tally,
  { ended, isRight, tookMs }: { ended: string; isRight: boolean; tookMs: number },
): void {
  tally.cases += 1;
  if (isRight) tally.right += 1;
  tally.ended[ended] = (tally.ended[ended] ?? 0) + 1;
  if (tookMs > tally.slowestMs) tally.slowestMs = tookMs;
}

export function sum(tallies: readonly Tally[]): Tally {
  const all = newTally();
  for (const { cases, right, ended, slowestMs } of tallies) {
    all.cases += cases;
    all.right += right;
    all.slowestMs = Math.max(all.slowestMs, slowestMs);
    for (const [name, times] of Object.entries(ended)) all.ended[name] = (all.ended[name] ?? 0) + times;
  }
  return all;
}

/** Of all requests, how many must get to each step, at the least. */
export const LEAST_REACHED: Readonly<Record<Stage, number>> = {
  event: 1,
  extract: 0.85,
  decode: 0.75,
  algorithm: 0.5,
  signature: 0.45,
  claims: 0.4,
  consumer: 0.3,
  routes: 0.3,
  passed: 0.25,
};
/** And how many must end there: that the step has something to refuse. */
export const LEAST_ENDED: Readonly<Record<Stage, number>> = {
  event: 0.01,
  extract: 0.01,
  decode: 0.05,
  algorithm: 0.005,
  signature: 0.02,
  claims: 0.03,
  consumer: 0.001,
  routes: 0.003,
  passed: 0.25,
};

/** The share of the cases that get to each step, and of those that end there. */
export function sharesOf({
  cases,
  ended,
}: Tally): readonly { stage: Stage; reached: number; ended: number }[] {
  let left = cases;
  return STAGES.map((stage) => {
    const here = ended[stage] ?? 0;
    const reached = left / cases;
    left -= here;
    return { stage, reached, ended: here / cases };
  });
}

/** @returns a sentence for each step that too few cases reach, or end at. @param endless steps at which none of the worlds can end one. */
export function missedShares(tally: Tally, endless: readonly Stage[] = []): string[] {
  return sharesOf(tally).flatMap(({ stage, reached, ended }) => [
    ...(reached < LEAST_REACHED[stage] ? [`${stage}: ${reached} of ${LEAST_REACHED[stage]} reached`] : []),
    ...(ended < LEAST_ENDED[stage] && !endless.includes(stage)
      ? [`${stage}: ${ended} of ${LEAST_ENDED[stage]} ended`]
      : []),
  ]);
}
