/**
 * What CI holds the speed to: rows, and what they are divided by. Both do work of the same kind, so that a machine's own ways
 * cancel out.
 */
import type { Table } from './model.ts';
import { quantile } from './model.ts';

export interface GuardedPair {
  readonly id: string;
  readonly table: string;
  readonly row: string;
  readonly reference: string;
  /** How many times the baseline's ratio is still no slowdown. */
  readonly tolerance: number;
}

/** Beyond what noise reaches, a tenth at most: docs/performance.md has the figures. */
const TOLERANCE = 1.2;

const decision = (algorithm: string, row: string, reference: string): GuardedPair => ({
  ...{ id: `${algorithm}/${row}`, table: `decision-${algorithm}`, row, reference },
  tolerance: TOLERANCE,
});
const startUp = (row: string, reference: string): GuardedPair => ({
  // Of the CPU's time: others stretch the clock's.
  ...{ id: `start-up/${row}`, table: 'start-up-cpu', row, reference },
  tolerance: TOLERANCE,
});

export const GUARDED: readonly GuardedPair[] = [
  decision('HS256', 'first', 'jsonwebtoken'),
  decision('HS256', 'first-request', 'jsonwebtoken'),
  decision('HS256', 'wrong-signature', 'jsonwebtoken'),
  decision('HS256', 'expired', 'jsonwebtoken'),
  decision('HS256', 'seen', 'fast-jwt-cached'),
  decision('HS256', 'controlled-seen', 'fast-jwt-cached'),
  decision('RS256', 'first', 'jsonwebtoken'),
  decision('RS256', 'wrong-signature', 'jsonwebtoken'),
  startUp('uncontrolled', 'jsonwebtoken'),
  startUp('controlled', 'jsonwebtoken-sdk'),
];

/**
 * The ratio of the rounds that nothing disturbed: of the tenth percentiles. On a machine whose cores others keep busy it moved
 * by a tenth where the median of the rounds' ratios moved by a half.
 */
export function undisturbedRatio(
  tables: readonly Table[],
  { id, table, row, reference }: GuardedPair,
): number {
  const timeOf = (wanted: string): number => {
    const values = tables.find((one) => one.id === table)?.rows.find((one) => one.id === wanted)?.values;
    if (values === undefined) throw new Error(`${id}: ${table} has no row ${wanted}`);
    return quantile(values, 0.1);
  };
  return timeOf(row) / timeOf(reference);
}
