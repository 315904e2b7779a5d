/**
 * `npm run bench:guard`: fails when a decision or the start-up became slower than `baseline.json` says, beside the same peers
 * and on the Node.js of Lambda. `--write-baseline` measures `--measurements N` times (5) and writes it, unless something became slower
 * than the one before says: that takes `--accept-slower` too. `--json FILE` adds a line of what was measured.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decisions } from './cases/decisions.ts';
import { startUp } from './cases/start-up.ts';
import { GUARDED } from './guarded.ts';
import type { Table } from './model.ts';
import {
  type Baseline,
  compareBaselines,
  differences,
  findSlower,
  type Measure,
  measureRatios,
  type Verdict,
} from './regression.ts';
import { runCases } from './run-cases.ts';
import { installPeers, node24, ROOT } from './tools.ts';

const FILE = join(ROOT, 'test/bench/baseline.json');
const ATTEMPTS = 3;
/** Short rounds and many: on a busy machine some are then left alone. */
const ROUND_MS = 2;
const ROUNDS = 150;

const { values: options } = parseArgs({
  options: {
    'write-baseline': { type: 'boolean', default: false },
    'accept-slower': { type: 'boolean', default: false },
    measurements: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});

installPeers();
const node = node24();
const measure: Measure = async (ids) => {
  const tables: Table[] = [];
  for (const id of ids) {
    const only = { tables: [id], rows: rowsOf(id), roundMs: ROUND_MS };
    const cases = id.startsWith('decision-') ? [decisions] : [startUp];
    tables.push(...(await runCases(cases, { node, rounds: ROUNDS, only })));
  }
  return tables;
};

if (options['write-baseline']) await writeBaseline();
else await guard();

function rowsOf(table: string): readonly string[] {
  const pairs = GUARDED.filter((pair) => pair.table === table);
  return [...new Set(pairs.flatMap(({ row, reference }) => [row, reference]))];
}

async function writeBaseline(): Promise<void> {
  const measurements = Number(options.measurements);
  if (!Number.isInteger(measurements) || measurements < 1) throw new Error('--measurements is 1 or more');
  const before = existsSync(FILE) ? readBaseline() : undefined;
  const baseline: Baseline = {
    ...{ measuredAt: new Date().toISOString(), ...machine() },
    measurements,
    ratios: await measureRatios(GUARDED, { measure, measurements }),
  };
  const verdicts = before === undefined ? [] : compareBaselines(GUARDED, { before, now: baseline });
  process.stdout.write(verdicts.map(lineOf).join(''));
  if (verdicts.some(({ isSlower }) => isSlower) && !options['accept-slower']) {
    process.stderr.write(
      'slower than the baseline before, which stays: --accept-slower writes it all the same\n',
    );
    process.exitCode = 1;
    return;
  }
  writeFileSync(FILE, `${JSON.stringify(baseline, null, 2)}\n`);
}

function machine(): Pick<Baseline, 'cpu' | 'node'> {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { cpu: cpus()[0]?.model, node: version };
}

function readBaseline(): Baseline {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

async function guard(): Promise<void> {
  const baseline = readBaseline();
  for (const other of differences(baseline, machine())) process.stdout.write(`${other}\n`);
  const verdicts = await findSlower(GUARDED, { baseline, measure, attempts: ATTEMPTS });
  process.stdout.write(verdicts.map(lineOf).join(''));
  if (options.json !== undefined)
    appendFileSync(
      options.json,
      `${JSON.stringify(verdicts.map(({ pair, measured }) => [pair.id, measured]))}\n`,
    );
  if (!verdicts.some(({ isSlower }) => isSlower)) return;
  process.stderr.write(`slower than the baseline in each of ${ATTEMPTS} measurements\n`);
  process.exitCode = 1;
}

/** `HS256/first  2.81 × jsonwebtoken, baseline 2.85, at most 3.56  ok` */
function lineOf({ pair: { id, reference, tolerance }, expected, measured, isSlower }: Verdict): string {
  const limit = (expected * tolerance).toFixed(2);
  const text = `${measured.toFixed(2)} × ${reference}, baseline ${expected.toFixed(2)}, at most ${limit}`;
  return `${id.padEnd(22)} ${text.padEnd(60)} ${isSlower ? 'SLOWER' : 'ok'}\n`;
}
