/** The tables of a run as text and as JSON. */
import { cpus } from 'node:os';
import { median, ratioOf, type Table } from './model.ts';

export interface NodeResult {
  /** `v24.21.0` */
  readonly node: string;
  readonly tables: readonly Table[];
}

export function asText({ node, tables }: NodeResult): string {
  return tables.map((table) => `\n${table.title} (Node.js ${node})\n${linesOf(table).join('\n')}\n`).join('');
}

function linesOf({ rows, unit }: Table): readonly string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map((row) => {
    const value = median(row.values).toFixed(2).padStart(9);
    return `${row.name.padEnd(width)} ${value} ${unit} ${ratioOf(row, rows[0]).toFixed(2).padStart(7)}`;
  });
}

/** Medians, and ratios to the first row of each table. */
export const asJson = (results: readonly NodeResult[], rounds: number) => ({
  measuredAt: new Date().toISOString(),
  cpu: cpus()[0]?.model,
  rounds,
  results: results.map(({ node, tables }) => ({ node, tables: tables.map(describeTable) })),
});

const describeTable = ({ id, title, unit, rows }: Table) => ({
  ...{ id, title, unit },
  rows: rows.map((row) => ({
    id: row.id,
    name: row.name,
    value: rounded(median(row.values)),
    ratio: rounded(ratioOf(row, rows[0])),
  })),
});

const rounded = (value: number): number => Number(value.toPrecision(4));
