/** What docs/performance.md shows of a run, in Markdown. */
import { GUARDED } from './guarded.ts';
import type { Baseline } from './regression.ts';
import type { Report } from './report.ts';

type ReportedTable = Report['results'][number]['tables'][number];

type Told = Omit<Report, 'busyShare' | 'peers'> & Partial<Pick<Report, 'busyShare' | 'peers'>>;

/** What a system does by itself is less. */
const BUSY_SHARE = 0.15;

/** When, on what, how often, beside whom. @param report older ones do not tell how busy the machine was otherwise, nor the peers' versions. */
export function headline({ measuredAt, cpu, cores, busyShare, peers = {}, rounds, results }: Told): string {
  const nodes = results.map(({ node }) => node).join(' and ');
  const isBusy = busyShare !== undefined && busyShare > BUSY_SHARE;
  const busy = isBusy ? ' **The machine was busy with other work, so these figures say little.**' : '';
  const share =
    busyShare === undefined ? '' : `, ${Math.round(busyShare * 100)} % of them busy with other work`;
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  const beside = versions.length === 0 ? '' : ` Beside ${versions.join(', ')}.`;
  const on = `${cores} cores (${cpu})${share}`;
  return `Measured on ${measuredAt.slice(0, 10)}: ${on}, Node.js ${nodes}, up to ${rounds} rounds.${busy}${beside}`;
}

export function targetTable({ results }: Report): string {
  const rows = results.flatMap(({ targets }) =>
    targets.map(({ target, measured, isMet }) => [target, measured, isMet ? 'met' : '**missed**']),
  );
  return markdown(['target', 'measured', ''], rows);
}

/** A table for each of the run's, with two columns for each Node.js that has it: the median, and the ratio to the first row. */
export function resultTables({ results }: Report): string {
  const ids = new Set(results.flatMap(({ tables }) => tables.map(({ id }) => id)));
  return [...ids]
    .map((id) => {
      const found = results.flatMap(({ node, tables }) => {
        const table = tables.find((one) => one.id === id);
        return table === undefined ? [] : [{ node, table }];
      });
      return resultTable(found);
    })
    .join('\n\n');
}

function resultTable(found: readonly { node: string; table: ReportedTable }[]): string {
  const tables = found.map(({ table }) => table);
  const [first] = tables;
  if (first === undefined) return '';
  const columns = found.flatMap(({ node, table }) => [`${table.unit}, ${node}`, 'ratio']);
  // A row may be missing where a peer does not run on the older Node.js.
  const names = new Map(tables.flatMap(({ rows }) => rows.map(({ id, name }) => [id, name])));
  const rows = [...names].map(([id, name]): (string | number)[] => [
    name,
    ...tables.flatMap((table): (string | number)[] => {
      const row = table.rows.find((one) => one.id === id);
      return row === undefined ? ['', ''] : [row.value, row.ratio];
    }),
  ]);
  return `### ${first.title}\n\n${markdown(['', ...columns], rows)}`;
}

export function guardTable({ ratios, measuredAt, cpu, node, measurements }: Baseline): string {
  const rows = GUARDED.map(({ id, table, row, reference, tolerance }) => {
    const ratio = ratios[id] ?? Number.NaN;
    return [`\`${table}\`: ${row}`, reference, ratio, `${(ratio * tolerance).toFixed(2)} (× ${tolerance})`];
  });
  const text = markdown(['guarded', 'beside', 'baseline', 'fails beyond'], rows);
  return `${text}\n\nBaseline: medians of ${measurements} measurements on ${measuredAt.slice(0, 10)}, ${cpu}, Node.js ${node}.`;
}

/** Numbers to the right, with as many digits as mean something. */
function markdown(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const isNumeric = head.map((_, at) => at > 0 && rows.some((row) => typeof row[at] === 'number'));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const spell = (cell: string | number) =>
    typeof cell === 'number' ? digits(cell) : cell.replaceAll('|', '\\|');
  return [
    line(head),
    line(isNumeric.map((right) => (right ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map(spell))),
  ].join('\n');
}

/** 0.0812, 1.27, 45.3, 1234 */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return String(value);
  if (size < 0.1) return value.toFixed(3);
  return size < 10 ? value.toFixed(2) : value.toFixed(size < 100 ? 1 : 0);
}
