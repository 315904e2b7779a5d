/** Whether something became slower than the baseline says: repeated before it is believed. */
import { type GuardedPair, undisturbedRatio } from './guarded.ts';
import { median, type Table } from './model.ts';

/** `test/bench/baseline.json` */
export interface Baseline {
  readonly measuredAt: string;
  readonly cpu: string | undefined;
  readonly node: string;
  /** How many measurements the ratios are the medians of. */
  readonly measurements: number;
  /** By the pair's id. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** @param tables ids of those wanted. */
export type Measure = (tables: readonly string[]) => Promise<readonly Table[]>;

export interface Verdict {
  readonly pair: GuardedPair;
  /** The baseline's ratio. */
  readonly expected: number;
  /** The best of the measurements'. */
  readonly measured: number;
  readonly isSlower: boolean;
}

/**
 * Measures until nothing is slower, at most `attempts` times, each time the tables alone that still hold something slower.
 * A slowdown is there in every measurement, a disturbance is not: so the best counts.
 * @throws when the baseline lacks a pair.
 */
export async function findSlower(
  pairs: readonly GuardedPair[],
  { baseline, measure, attempts }: { baseline: Baseline; measure: Measure; attempts: number },
): Promise<readonly Verdict[]> {
  let verdicts = pairs.map((pair) => judge(pair, baseline, Number.POSITIVE_INFINITY));
  for (let attempt = 0; attempt < attempts && verdicts.some(({ isSlower }) => isSlower); attempt++) {
    const wanted = [...new Set(verdicts.filter(({ isSlower }) => isSlower).map(({ pair }) => pair.table))];
    const tables = await measure(wanted);
    verdicts = verdicts.map(({ pair, measured }) =>
      wanted.includes(pair.table)
        ? judge(pair, baseline, Math.min(measured, undisturbedRatio(tables, pair)))
        : judge(pair, baseline, measured),
    );
  }
  return verdicts;
}

/** What a new baseline says beside the one before, of the pairs that both have. */
export const compareBaselines = (
  pairs: readonly GuardedPair[],
  { before, now }: { before: Baseline; now: Baseline },
): readonly Verdict[] =>
  pairs
    .filter(({ id }) => before.ratios[id] !== undefined)
    .map((pair) => judge(pair, before, now.ratios[pair.id] ?? Number.NaN));

/** @returns a line for each thing in which a machine is not the baseline's: its ratios may then be others. */
export function differences(
  baseline: Pick<Baseline, 'cpu' | 'node'>,
  machine: Pick<Baseline, 'cpu' | 'node'>,
): readonly string[] {
  const lines = { cpu: 'the processor', node: 'Node.js' };
  return (['cpu', 'node'] as const)
    .filter((name) => baseline[name] !== machine[name])
    .map((name) => `note: ${lines[name]} is ${machine[name]}; the baseline's was ${baseline[name]}`);
}

function judge(pair: GuardedPair, { ratios }: Baseline, measured: number): Verdict {
  const expected = ratios[pair.id];
  if (expected === undefined)
    throw new Error(`the baseline has no ${pair.id}: npm run bench:guard -- --write-baseline`);
  // Written so that what is no number is slower.
  return { pair, expected, measured, isSlower: !(measured <= expected * pair.tolerance) };
}

/** @returns the ratios of a baseline: of each pair the median of `measurements`. */
export async function measureRatios(
  pairs: readonly GuardedPair[],
  { measure, measurements }: { measure: Measure; measurements: number },
): Promise<Baseline['ratios']> {
  const ids = [...new Set(pairs.map(({ table }) => table))];
  const seen = pairs.map((pair) => ({ pair, ratios: [] as number[] }));
  for (let i = 0; i < measurements; i++) {
    const tables = await measure(ids);
    for (const { pair, ratios } of seen) ratios.push(undisturbedRatio(tables, pair));
  }
  return Object.fromEntries(seen.map(({ pair, ratios }) => [pair.id, Number(median(ratios).toPrecision(4))]));
}
