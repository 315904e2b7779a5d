/**
 * From a process's start to its first decision. Processes are started one after another, each kind in turn; what counts is the
 * median of the rounds, and of each round's ratio.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Case, Row } from '../model.ts';
import { type BenchTable, startBenchTable } from '../table.ts';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from '../tokens.mjs';
import { ROOT } from '../tools.ts';

const PROGRAMS = join(ROOT, 'test/bench/start-up');
const BARE = join(PROGRAMS, 'bundled');
/** Each is a process; as many as the decisions have would take minutes. */
const MAXIMUM_ROUNDS = 25;

/** A program that writes the line `decided` when it has. */
interface Program {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

export const startUp: Case = {
  id: 'start-up',
  onEachNode: true,
  async run({ node, rounds, only }) {
    if (only?.tables.includes('start-up') === false) return [];
    const table = await startBenchTable();
    try {
      await bundleBare();
      const wanted = programs(table).filter(({ id }) => only?.rows.includes(id) ?? true);
      const rows = await measure(node, wanted, Math.min(rounds, MAXIMUM_ROUNDS));
      const title = 'From the start of a process to its first decision, RS256';
      return [{ id: 'start-up', title, unit: 'ms', rows }];
    } finally {
      await table.close();
      rmSync(BARE, { recursive: true, force: true });
    }
  },
};

function programs(table: BenchTable): readonly Program[] {
  const { RS256: key } = makeKeys();
  const token = makeToken('RS256', key.privateKey);
  const policy = { secretOrPublicKey: key.text, algorithms: ['RS256'], audience: AUDIENCE, issuer: ISSUER };
  const ofTable = { ...table.environment, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint };
  const bare = { BENCH_TOKEN: token, BENCH_KEY: key.text };
  const authorizer = (checkCredentialExistence: boolean) => ({
    BENCH_TOKEN: token,
    BENCH_CONFIG: JSON.stringify({ jwt: { ...policy, checkCredentialExistence } }),
  });
  return [
    { id: 'empty', name: 'an empty process', file: join(PROGRAMS, 'empty.mjs'), env: {} },
    {
      ...{ id: 'jsonwebtoken', name: 'jsonwebtoken alone', file: join(BARE, 'bare.mjs') },
      env: { ...bare, BENCH_SDK: 'no' },
    },
    {
      ...{ id: 'uncontrolled', name: 'authorizer, uncontrolled', file: join(PROGRAMS, 'authorizer.mjs') },
      env: authorizer(false),
    },
    {
      ...{ id: 'jsonwebtoken-sdk', name: 'jsonwebtoken and client-dynamodb, two reads' },
      file: join(BARE, 'bare.mjs'),
      env: { ...bare, ...ofTable, BENCH_SDK: 'yes', BENCH_TABLE: table.name },
    },
    {
      ...{ id: 'controlled', name: 'authorizer, controlled', file: join(PROGRAMS, 'authorizer.mjs') },
      env: { ...authorizer(true), ...ofTable, CREDENTIALS_TABLE: table.name },
    },
  ];
}

/** As one would bundle a handler of one's own. */
async function bundleBare(): Promise<void> {
  const requireForCommonJs =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [join(PROGRAMS, 'bare.mjs')],
    outdir: BARE,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, minify: true, platform: 'node', target: 'node20', format: 'esm' },
    mainFields: ['module', 'main'],
    banner: { js: requireForCommonJs },
    logLevel: 'warning',
  });
}

async function measure(node: string, programs: readonly Program[], rounds: number): Promise<[Row, ...Row[]]> {
  const states = programs.map((program) => ({ program, values: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const at of states.keys()) {
      // Another one begins each time: none profits from always following the same.
      const state = states[(at + round) % states.length];
      if (state !== undefined) state.values.push(await millisOf(node, state.program));
    }
  const [head, ...tail] = states.map(({ program: { id, name }, values }) => ({ id, name, values }));
  if (head === undefined) throw new Error('there is nothing to measure');
  return [head, ...tail];
}

async function millisOf(node: string, { name, file, env }: Program): Promise<number> {
  const begin = process.hrtime.bigint();
  const child = spawn(node, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const decided = async () => {
    // Before it comes what the function logs.
    for await (const text of child.stdout.setEncoding('utf8')) if (/^decided$/m.test(text)) return;
    throw new Error(`${name} ended undecided`);
  };
  await decided();
  const millis = Number(process.hrtime.bigint() - begin) / 1e6;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return millis;
}
