/**
 * `npm run bench`: the built authorizer beside its peers, each case a ratio to something measured in the same rounds.
 * `--rounds N` (15), `--json FILE`, `--only decision|start-up`.
 *
 * The peers of `test/bench/package.json`, and the Node.js of Lambda beside the machine's own, are installed at the first run.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { measureStartUp } from './start-up.mjs';
import { startBenchTable } from './table.ts';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from './tokens.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const NODE_24 = '24.21.0';
const ALGORITHMS = ['HS256', 'RS256', 'ES256'];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    json: { type: 'string' },
    only: { type: 'string' },
  },
});

async function main() {
  installPeers();
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const table = await startBenchTable();
  try {
    await bundleBare();
    const results = [];
    for (const node of [process.execPath, node24()]) results.push(await measureOn(node, { folder, table }));
    for (const result of results) print(result);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(describe(results), null, 2)}\n`);
  } finally {
    await table.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(BARE, { recursive: true, force: true });
  }
}

async function measureOn(node, { folder, table }) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const tables = [];
  if (options.only !== 'start-up')
    for (const algorithm of ALGORITHMS)
      tables.push({
        title: `${algorithm}: a decision, and the signature and claims alone of the others`,
        unit: 'µs',
        rows: await measureDecisions(node, algorithm, { folder, table }),
      });
  if (options.only !== 'decision')
    tables.push({
      title: 'From the start of a process to its first decision, RS256',
      unit: 'ms',
      rows: await measureStart(node, table),
    });
  return { node: version, tables };
}

async function measureDecisions(node, algorithm, { folder, table }) {
  const file = join(folder, `${algorithm}.json`);
  const { BENCH_TABLE_ENDPOINT } = table.environment;
  const child = spawn(node, [join(ROOT, 'test/bench/decision.mjs'), algorithm, options.rounds, file], {
    env: { ...process.env, ...table.environment, AWS_ENDPOINT_URL_DYNAMODB: BENCH_TABLE_ENDPOINT },
    // What the function logs goes nowhere, at the price of writing it.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the decisions with ${algorithm} ended with ${code}`);
  return JSON.parse(readFileSync(file, 'utf8')).map(({ name, micros, ratio }) => ({
    name,
    time: micros,
    ratio,
  }));
}

const BARE = join(ROOT, 'test/bench/start-up/bundled');

/** As one would bundle a handler of one's own. */
async function bundleBare() {
  await build({
    entryPoints: [join(ROOT, 'test/bench/start-up/bare.mjs')],
    outdir: BARE,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, minify: true, platform: 'node', target: 'node20', format: 'esm' },
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

async function measureStart(node, table) {
  const { RS256: key } = makeKeys();
  const token = makeToken('RS256', key.privateKey);
  const policy = { secretOrPublicKey: key.text, algorithms: ['RS256'], audience: AUDIENCE, issuer: ISSUER };
  const { BENCH_TABLE, BENCH_TABLE_ENDPOINT, ...aws } = table.environment;
  const ofTable = { ...aws, AWS_ENDPOINT_URL_DYNAMODB: BENCH_TABLE_ENDPOINT, CREDENTIALS_TABLE: BENCH_TABLE };
  const file = (name) => join(ROOT, 'test/bench/start-up', name);
  const env = (more) => ({ BENCH_TOKEN: token, BENCH_KEY: key.text, ...more });
  const config = (controlled) => JSON.stringify({ jwt: { ...policy, checkCredentialExistence: controlled } });
  const kinds = [
    { name: 'an empty process', file: file('empty.mjs'), env: {} },
    { name: 'jsonwebtoken alone', file: file('bundled/bare.mjs'), env: env({ BENCH_SDK: 'no' }) },
    {
      name: 'authorizer, uncontrolled',
      file: file('authorizer.mjs'),
      env: env({ BENCH_CONFIG: config(false) }),
    },
    {
      name: 'jsonwebtoken and client-dynamodb, two reads',
      file: file('bundled/bare.mjs'),
      env: env({ BENCH_SDK: 'yes', BENCH_TABLE, ...ofTable }),
    },
    {
      name: 'authorizer, controlled',
      file: file('authorizer.mjs'),
      env: env({ BENCH_CONFIG: config(true), ...ofTable }),
    },
  ];
  const measured = await measureStartUp(node, kinds, { rounds: Number(options.rounds) });
  return measured.map(({ name, millis, ratio }) => ({ name, time: millis, ratio }));
}

function print({ node, tables }) {
  for (const { title, unit, rows } of tables) {
    const width = Math.max(...rows.map(({ name }) => name.length));
    const lines = rows.map(
      ({ name, time, ratio }) =>
        `${name.padEnd(width)} ${time.toFixed(2).padStart(9)} ${unit} ${ratio.toFixed(2).padStart(7)}`,
    );
    process.stdout.write(`\n${title} (Node.js ${node})\n${lines.join('\n')}\n`);
  }
}

const describe = (results) => ({
  measuredAt: new Date().toISOString(),
  cpu: cpus()[0]?.model,
  rounds: Number(options.rounds),
  results,
});

function installPeers() {
  const folder = join(ROOT, 'test/bench');
  if (existsSync(join(folder, 'node_modules/jose'))) return;
  npm(['install', '--no-package-lock', '--ignore-scripts', '--prefix', folder]);
}

/** The binary that npm has for this platform; the one that the tier on Node 24 uses too. */
function node24() {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(ROOT, '.ci/tools/node24');
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    npm(['install', '--no-save', '--prefix', folder, `${name}@${NODE_24}`]);
  }
  return binary;
}

function npm(args) {
  execFileSync('npm', [...args, '--silent', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

await main();
