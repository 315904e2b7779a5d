import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Survivor } from './report.ts';

/** A test that has not ended by then does not end. */
const AT_MOST_MS = 300_000;

/**
 * Stryker's runner loads a file once, and what is evaluated then stays as it was when the change comes. So such a change is
 * made in the file itself, in a copy of the repository, and the tests of its part run on that.
 * @param area such as `keys`.
 * @returns those that no test notices so either.
 */
export function unnoticedInACopy(
  root: string,
  area: string,
  survivors: readonly Survivor[],
): readonly Survivor[] {
  const copy = join(root, '.ci/tools/mutation-copy');
  rmSync(copy, { recursive: true, force: true });
  copyTracked(root, copy);
  try {
    if (!passes(copy, area)) throw new Error(`the tests of ${area} fail in ${copy} without any change`);
    return survivors.filter(({ file, changed }) => {
      const path = join(copy, file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, changed);
      const isUnnoticed = passes(copy, area);
      writeFileSync(path, source);
      return isUnnoticed;
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyTracked(root: string, copy: string): void {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

function passes(cwd: string, area: string): boolean {
  const vitest = join(cwd, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--config', 'test/mutation/vitest.config.ts', '--bail', '1'];
  const env = { ...process.env, MUTATED_AREA: area };
  return (
    spawnSync(process.execPath, [vitest, ...options], { cwd, env, stdio: 'ignore', timeout: AT_MOST_MS })
      .status === 0
  );
}
