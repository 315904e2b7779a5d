/**
 * `npm run bench`: the built authorizer beside its peers, each case a ratio to something measured in the same rounds.
 * `--rounds N` (80), `--json FILE`, `--only CASE` (decisions, start-up, table, memory, gateway, attachment; again for more than one), `--node 20|24` (both), `--strict` (fail when a
 * target is missed, or none was judged), `--credentials N` in the table that has many (1000000; made at the first run, in some ten minutes, and kept).
 *
 * The peers of `test/bench/package.json`, and the Node.js of Lambda beside the machine's own, are installed at the first run.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { attachment } from './cases/attachment.ts';
import { decisions } from './cases/decisions.ts';
import { gateways } from './cases/gateway.ts';
import { memory } from './cases/memory.ts';
import { startUp } from './cases/start-up.ts';
import { table } from './cases/table.ts';
import type { Case } from './model.ts';
import { otherWork } from './other-work.ts';
import { asJson, asText, type NodeResult } from './report.ts';
import { runCases } from './run-cases.ts';
import { outcomesOf } from './targets.ts';
import { installPeers, node24 } from './tools.ts';

const CASES: readonly Case[] = [decisions, startUp, table, memory, gateways, attachment];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '80' },
    json: { type: 'string' },
    only: { type: 'string', multiple: true, default: CASES.map(({ id }) => id) },
    node: { type: 'string', default: 'both' },
    credentials: { type: 'string', default: '1000000' },
    strict: { type: 'boolean', default: false },
  },
});
const unknown = options.only.filter((id) => !CASES.some((one) => one.id === id));
if (unknown.length > 0) throw new Error(`no case ${unknown}; there are ${CASES.map(({ id }) => id)}`);
const rounds = countOf('rounds');
const credentials = countOf('credentials');
if (!['20', '24', 'both'].includes(options.node)) throw new Error('--node is 20, 24 or both');
const isOwn20 = process.version.startsWith('v20.');
if (options.node === '20' && !isOwn20)
  throw new Error(`--node 20 is the Node.js that runs this, and it is ${process.version}`);

function countOf(name: 'rounds' | 'credentials'): number {
  const count = Number(options[name]);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} is 1 or more`);
  return count;
}

async function measureOn(node: string, { isOwn }: { isOwn: boolean }): Promise<NodeResult> {
  const cases = CASES.filter(({ id, onEachNode }) => options.only.includes(id) && (onEachNode || isOwn));
  const tables = await runCases(cases, { node, rounds, credentials });
  return { node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), tables };
}

const peers = installPeers();
const busyBefore = await otherWork();
const results: NodeResult[] = [];
if (options.node !== '24') results.push(await measureOn(process.execPath, { isOwn: true }));
if (options.node !== '20') results.push(await measureOn(node24(), { isOwn: false }));
const busyShare = Math.max(busyBefore, await otherWork());
process.stdout.write(results.map(asText).join(''));
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify(asJson(results, { rounds, busyShare, peers }), null, 2)}\n`);
const outcomes = results.flatMap(outcomesOf);
if (options.strict && (outcomes.length === 0 || outcomes.some(({ isMet }) => !isMet))) process.exitCode = 1;
