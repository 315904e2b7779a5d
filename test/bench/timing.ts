/**
 * `npm run bench:timing`: whether the time of a refusal tells if a credential exists. The built function is asked in one process,
 * for one class and another in turn by chance, before a table that takes as long for what it has as for what it has not; the classes
 * are compared by Welch's t-test. The faults that are put in must be found, what is the same must not be told apart, and nothing else by
 * more than a microsecond, else this fails.
 * `--scale N` (1) of how often each class is asked for, `--only TEXT` of a scenario's name. With nothing else to do for the machine, else it says little.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildVariant } from '../support/build-variant.ts';
import { type Scenario, scenariosOf } from './timing/scenarios.ts';
import { answersNeeded, type Compared, compareTimes, TOLD_APART_T } from './timing/welch.ts';
import { makeWorld, TABLE_NAME } from './timing/world.ts';

/** Two sets of names of one kind differ by so much: by where their entries lie. Microseconds. */
const SAME_WITHIN_MICROS = 0.1;
/** What is told apart by more than that would be a fault of ours. Microseconds. */
const TOLERATED_MICROS = 1;
/** The standard deviation of what a network adds, as callers in one region see it. Microseconds. */
const NETWORK_NOISE_MICROS = 1_000;
const BUNDLE = new URL('../../dist/lambda/authorizer/index.mjs', import.meta.url);
const here = (name: string) => fileURLToPath(new URL(`timing/${name}`, import.meta.url));

const { values: options } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
});
const folder = mkdtempSync(join(tmpdir(), 'timing-'));
const world = await makeWorld();
writeFileSync(join(folder, 'items.json'), JSON.stringify(world.items));
const table = fork(here('table.mjs'), [join(folder, 'items.json')]);
const [port] = await once(table, 'message');

async function measure({ config, classes, rounds, edits }: Scenario): Promise<readonly Compared[]> {
  const variant = edits && (await buildVariant(edits));
  const [job, result] = [join(folder, 'job.json'), join(folder, 'result.json')];
  const environment = {
    AUTHORIZER_CONFIG: JSON.stringify(config),
    AWS_LAMBDA_FUNCTION_NAME: 'timing',
    CREDENTIALS_TABLE: TABLE_NAME,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  };
  const bundle = (variant?.url ?? BUNDLE).href;
  writeFileSync(
    job,
    JSON.stringify({ bundle, environment, classes: classes.map(({ tokens }) => tokens), rounds }),
  );
  try {
    execFileSync(process.execPath, [here('sample.mjs'), job, result], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    await variant?.remove();
  }
  const [first = [], ...others] = JSON.parse(readFileSync(result, 'utf8')) as number[][];
  return others.map((times) => compareTimes(first, times));
}

const isTold = ({ t, difference }: Compared): boolean =>
  Math.abs(t) > TOLD_APART_T && Math.abs(difference) > SAME_WITHIN_MICROS;

function lineOf(name: string, compared: Compared): string {
  const { difference, t, counts } = compared;
  const needed = isTold(compared)
    ? answersNeeded(difference, NETWORK_NOISE_MICROS).toLocaleString('en')
    : '–';
  return `| ${name} | ${counts[1].toLocaleString('en')} | ${difference.toFixed(2)} | ${Math.abs(t).toFixed(1)} | ${needed} |`;
}

const failures: string[] = [];
try {
  process.stdout.write(`load of the machine ${loadavg()[0]?.toFixed(1)}, Node.js ${process.version}\n`);
  for (const scenario of scenariosOf(world, Number(options.scale))) {
    const { name, classes, isPlanted = false } = scenario;
    if (!name.includes(options.only)) continue;
    const compared = await measure(scenario);
    const [reference, ...others] = classes.map((one) => one.name);
    process.stdout.write(
      `\n${name}: beside ${reference}\n\n| | times | µs more | \\|t\\| | answers that tell, through 1 ms of noise |\n| --- | --- | --- | --- | --- |\n`,
    );
    for (const [index, other] of others.entries())
      process.stdout.write(`${lineOf(other, compared[index] as Compared)}\n`);
    const [same, ...different] = compared;
    if (same !== undefined && isTold(same)) failures.push(`${name}: told apart what is the same`);
    const widest = Math.max(...different.filter(isTold).map(({ difference }) => Math.abs(difference)), 0);
    if (!isPlanted && widest > TOLERATED_MICROS) failures.push(`${name}: ${widest.toFixed(2)} µs tell`);
    if (isPlanted && !different.every(isTold)) failures.push(`${name}: did not find the fault`);
  }
} finally {
  table.disconnect();
  rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) {
  process.stdout.write(`\n${failures.join('\n')}\n`);
  process.exitCode = 1;
}
