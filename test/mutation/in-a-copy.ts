import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Change } from './report.ts';

/** A test that has not ended by then does not end. */
const AT_MOST_MS = 300_000;

/**
 * Stryker's runner loads a file once, and what is evaluated then stays as it was when the change comes. So such a change is
 * made in the file itself, in a copy of the repository, and the tests of its part run on that: first those that mirror the file.
 * @param area such as `keys`. @param workers how many at once, each in a copy of its own.
 * @returns those that no test notices so either.
 */
export async function unnoticedInACopy(
  root: string,
  area: string,
  { changes, workers }: { readonly changes: readonly Change[]; readonly workers: number },
): Promise<readonly Change[]> {
  const waiting = [...changes];
  const unnoticed = new Set<Change>();
  const work = async (copy: string) => {
    for (let change = waiting.shift(); change !== undefined; change = waiting.shift())
      if (await isUnnoticed(copy, area, change)) unnoticed.add(change);
  };
  const copies = Array.from({ length: workers }, (_, i) => join(root, `.ci/tools/mutation-copy-${i}`));
  try {
    for (const copy of copies) copyTracked(root, copy);
    const fine = await Promise.all(copies.map((copy) => passes(copy, area)));
    if (fine.includes(false)) throw new Error(`the tests of ${area} fail in a copy without any change`);
    await Promise.all(copies.map(work));
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
  return changes.filter((change) => unnoticed.has(change));
}

async function isUnnoticed(copy: string, area: string, { file, changed }: Change): Promise<boolean> {
  const path = join(copy, file);
  const mirror = file.replace(/^lambda\/(.*)\.ts$/, 'test/$1.test.ts');
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, changed);
  try {
    if (existsSync(join(copy, mirror)) && !(await passes(copy, area, mirror))) return false;
    return await passes(copy, area);
  } finally {
    writeFileSync(path, source);
  }
}

function copyTracked(root: string, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** @param tests those of one file alone. @default all of the area */
async function passes(cwd: string, area: string, ...tests: readonly string[]): Promise<boolean> {
  const vitest = join(cwd, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--config', 'test/mutation/vitest.config.ts', '--bail', '1', ...tests];
  const env = { ...process.env, MUTATED_AREA: area };
  const run = spawn(process.execPath, [vitest, ...options], {
    cwd,
    env,
    stdio: 'ignore',
    timeout: AT_MOST_MS,
  });
  const [code] = await once(run, 'exit');
  return code === 0;
}
