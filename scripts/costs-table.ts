// Writes the table of docs/costs.md from the list prices that stand there. With --check: fails when it is stale.
import { readFileSync } from 'node:fs';
import { fill, writeOrCheck } from './generated.ts';

const FILE = 'docs/costs.md';
const HIT_RATES = [0, 0.5, 0.8, 0.9, 0.95, 0.99];
const MEMORY_GB = 0.25;

const text = readFileSync(FILE, 'utf8');
/** Numbers that the page states, by the names of its rows: `| name | 3.50 |`. */
const stated = new Map(
  [...text.matchAll(/^\| ([^|]+) \| ([\d.]+) \|/gm)].map(([, name = '', value]) => [
    name.trim(),
    Number(value),
  ]),
);

function state(name: string): number {
  const value = stated.get(name);
  if (value === undefined) throw new Error(`${FILE} states no ${name}`);
  return value;
}

/** US dollars a million requests. @param ms billed, of one invocation. @param reads request units of one invocation. */
function dollars(hitRate: number, { ms, reads }: { ms: number; reads: number }): number {
  const invocations = 1 - hitRate;
  const compute = ms * 1000 * MEMORY_GB * state('Lambda, arm64, a GB-second');
  const table = reads * state('DynamoDB, a million read request units');
  return invocations * (state('Lambda, a million requests') + compute + table);
}

const kinds = [
  ['nothing looked up', { ms: state('ms, nothing looked up'), reads: 0 }],
  ['credential remembered', { ms: state('ms, credential remembered'), reads: 0 }],
  [
    'credential read',
    { ms: state('ms, credential read'), reads: state('read request units, credential read') },
  ],
] as const;

const rows = HIT_RATES.map((rate) => {
  const cells = kinds.map(([, kind]) => dollars(rate, kind).toFixed(3));
  return `| ${Math.round(rate * 100)} % | ${cells.join(' | ')} |`;
});
const table = [
  `| answered by API Gateway's cache | ${kinds.map(([name]) => name).join(' | ')} |`,
  '| --- | --- | --- | --- |',
  ...rows,
].join('\n');

writeOrCheck(FILE, fill(text, 'costs', table), 'npx tsx scripts/costs-table.ts');
