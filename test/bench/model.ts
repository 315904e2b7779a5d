/** What a case of `npm run bench` gives, and what it is given. */

/** One thing measured. */
export interface Row {
  /** Stable: targets and the baseline name it. */
  readonly id: string;
  readonly name: string;
  /** One value of each round, in the table's unit; the same rounds for every row of a table. */
  readonly values: readonly number[];
}

export interface Table {
  /** Stable, as `decision-HS256`. */
  readonly id: string;
  readonly title: string;
  readonly unit: 'µs' | 'ms' | 's' | 'MiB' | 'calls' | 'requests/s';
  /** The first is what the others' ratios are to. */
  readonly rows: readonly [Row, ...Row[]];
}

export interface Context {
  /** The binary of Node.js that the measured processes run on. */
  readonly node: string;
  readonly rounds: number;
  /** Of the table that has many. @default 1,000,000 */
  readonly credentials?: number;
  /** For files of the run; deleted after it. */
  readonly folder: string;
  /** What a shorter measurement is made of. Unset: everything. */
  readonly only?: {
    /** Ids. */
    readonly tables: readonly string[];
    readonly rows: readonly string[];
    /** How long a decision's row is run in a round. */
    readonly roundMs: number;
  };
}

export interface Case {
  /** `--only` names it. */
  readonly id: string;
  /** True: once on each Node.js. False: once, on the machine's own. */
  readonly onEachNode: boolean;
  run(context: Context): Promise<readonly Table[]>;
}

/** Whether a table is part of the measurement. @param id its own. */
export const isWanted = ({ only }: Pick<Context, 'only'>, id: string): boolean =>
  only === undefined || only.tables.includes(id);

/**
 * The ratio of two rows: of each round, and the median of them, so that whatever slowed a round slowed both.
 * @param row its values over those of `reference`.
 */
export const ratioOf = (row: Row, reference: Row): number =>
  median(row.values.map((value, round) => value / (reference.values[round] ?? Number.NaN)));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below = Number.NaN, above = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}

/** @param share such as 0.1: the value that a tenth of them are below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
