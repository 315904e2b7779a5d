/** The tables of a run, and the targets under them, as text and as JSON. */
import { cpus } from 'node:os';
import { median, ratioOf, type Table } from './model.ts';
import { type Outcome, outcomesOf, type Target } from './targets.ts';

export interface NodeResult {
  /** `v24.21.0` */
  readonly node: string;
  readonly tables: readonly Table[];
}

export function asText(result: NodeResult): string {
  const { node, tables } = result;
  const outcomes = outcomesOf(result);
  const texts = tables.map((table) => `\n${table.title} (Node.js ${node})\n${linesOf(table).join('\n')}\n`);
  return texts.join('') + (outcomes.length > 0 ? `\nTargets\n${targetLines(outcomes).join('\n')}\n` : '');
}

function linesOf({ rows, unit }: Table): readonly string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map((row) => {
    const value = median(row.values).toFixed(2).padStart(9);
    return `${row.name.padEnd(width)} ${value} ${unit} ${ratioOf(row, rows[0]).toFixed(2).padStart(7)}`;
  });
}

function targetLines(outcomes: readonly Outcome[]): readonly string[] {
  const described = outcomes.map((outcome) => ({ ...outcome, text: describeTarget(outcome) }));
  const width = Math.max(...described.map(({ text }) => text.length));
  return described.map(
    ({ text, measured, isMet }) =>
      `${text.padEnd(width)} ${measured.toFixed(2).padStart(7)}  ${isMet ? 'met' : 'MISSED'}`,
  );
}

/** @returns such as `RS256, first seen: at most 1.5 × the signature alone`. */
export function describeTarget({ name, reference, bound: { kind, limit } }: Target): string {
  return `${name}: ${kind} ${limit}${reference === undefined ? '' : ` × ${reference.name}`}`;
}

/**
 * Medians, and ratios to the first row of each table.
 * @param busyShare of the machine's cores, with other work beside the measurement.
 * @param peers their versions.
 */
export const asJson = (
  results: readonly NodeResult[],
  {
    rounds,
    busyShare,
    peers,
  }: { rounds: number; busyShare: number; peers: Readonly<Record<string, string>> },
) => ({
  measuredAt: new Date().toISOString(),
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  busyShare: rounded(busyShare),
  rounds,
  peers,
  results: results.map((result) => ({
    node: result.node,
    tables: result.tables.map(describeTable),
    targets: outcomesOf(result).map(describeOutcome),
  })),
});

/** As `--json` writes it. */
export type Report = ReturnType<typeof asJson>;

const describeTable = ({ id, title, unit, rows }: Table) => ({
  ...{ id, title, unit },
  rows: rows.map((row) => ({
    id: row.id,
    name: row.name,
    value: rounded(median(row.values)),
    ratio: rounded(ratioOf(row, rows[0])),
  })),
});

const describeOutcome = ({ id, measured, isMet, ...target }: Outcome) => ({
  ...{ id, target: describeTarget({ id, ...target }) },
  ...{ measured: rounded(measured), isMet },
});

const rounded = (value: number): number => Number(value.toPrecision(4));
