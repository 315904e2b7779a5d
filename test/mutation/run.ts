/**
 * `npm run test:mutation`: changes the code in some thousands of ways, one at a time, and counts the changes that no test of that
 * part notices. `-- authorizer` (or `keys`, `config`): that part alone; with names of its files after it, these alone. What was
 * seen before, and is as it was, is not run again. Fails below 90 %.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { npm } from '../support/install-beside.ts';
import { type Report, survivorsOf, tallyOf } from './report.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const AREAS = ['authorizer', 'keys', 'config'];

const [wanted, ...files] = process.argv.slice(2);
if (wanted !== undefined && !AREAS.includes(wanted)) throw new Error(`no part ${wanted}; there are ${AREAS}`);

const folder = join(ROOT, 'test/mutation');
if (!existsSync(join(folder, 'node_modules/@stryker-mutator/core')))
  // Without its own vitest: it has to be the one that the tests import.
  npm(['install', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', '--prefix', folder]);

const say = (line: string) => void process.stdout.write(`${line}\n`);

for (const area of wanted === undefined ? AREAS : [wanted]) {
  const { status } = spawnSync(
    process.execPath,
    [
      join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
      'run',
      'test/mutation/stryker.config.mjs',
    ],
    {
      cwd: ROOT,
      env: { ...process.env, MUTATED_AREA: area, ...(files.length > 0 && { MUTATED_FILES: files.join() }) },
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exitCode = 1;
  const report: Report = JSON.parse(readFileSync(join(ROOT, `.ci/tools/mutants-${area}.json`), 'utf8'));
  for (const survivor of survivorsOf(report)) say(survivor);
  say(`${area}: ${tallyOf(report)}`);
}
