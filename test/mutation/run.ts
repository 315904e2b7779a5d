/**
 * `npm run test:mutation`: changes the code in some thousands of ways, one at a time, and counts the changes that no test of that
 * part notices. `-- authorizer` (or `keys`, `config`): that part alone; with names of its files after it, these alone. What was
 * seen before, and is as it was, is not run again. Fails below 90 %; and, of a whole part, when an unnoticed change has no reason
 * in argued/, or a reason there no change.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { npm } from '../support/install-beside.ts';
import { ARGUED } from './argued/argued.ts';
import { RULES } from './argued/rules.ts';
import { judge } from './arguments.ts';
import { unnoticedInACopy } from './in-a-copy.ts';
import { type Report, survivorsOf, tallyOf, told, untriedOf } from './report.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const AREAS = ['authorizer', 'keys', 'config'];
const WORKERS = Number(process.env['MUTATION_WORKERS'] ?? 2);

const [wanted, ...files] = process.argv.slice(2);
if (wanted !== undefined && !AREAS.includes(wanted)) throw new Error(`no part ${wanted}; there are ${AREAS}`);

const folder = join(ROOT, 'test/mutation');
if (!existsSync(join(folder, 'node_modules/@stryker-mutator/core')))
  // Without its own vitest: it has to be the one that the tests import.
  npm(['install', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', '--prefix', folder]);

const say = (line: string) => void process.stdout.write(`${line}\n`);

for (const area of wanted === undefined ? AREAS : [wanted]) {
  const written = join(ROOT, `.ci/tools/mutants-${area}.json`);
  rmSync(written, { force: true });
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
  // It did not come as far as a result, and has said why.
  if (!existsSync(written)) continue;
  const report: Report = JSON.parse(readFileSync(written, 'utf8'));
  const all = ARGUED.filter(({ file }) => file.startsWith(`lambda/${area}/`));
  const [survivors, untried] = [survivorsOf(report), untriedOf(report)];
  const { unargued, argued, stale } = judge([...survivors, ...untried], { rules: RULES, all });
  for (const [why, count] of argued) say(`${count} unnoticed: ${why}`);
  const changes = unargued.filter((change) => change.isStatic || untried.includes(change));
  const still = changes.length > 0 ? await unnoticedInACopy(ROOT, area, { changes, workers: WORKERS }) : [];
  const unnoticed = unargued.filter((change) => !changes.includes(change) || still.includes(change));
  for (const change of unnoticed) say(told(change));
  say(`${area}: ${tallyOf(report)}${untried.length > 0 ? `, and ${untried.length} left out` : ''}`);
  say(`${changes.length - still.length} of ${changes.length} noticed where the file itself is changed`);
  say(`without a reason: ${unnoticed.length}`);
  // Of some files alone, most reasons have nothing to fit.
  if (files.length > 0) continue;
  for (const { file, on = '', original = '' } of stale)
    say(`no such change any more: ${file} ${original || on}`);
  if (unnoticed.length + stale.length > 0) process.exitCode = 1;
}
