/** In a repository of git's own making. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOnMain } from '../../scripts/on-main.ts';

let work = '';
const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: join(work, folder),
    stdio: ['ignore', 'pipe', 'ignore'],
  });

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'release-'));
  git('', 'init', '--quiet', '--initial-branch=main', 'origin');
  git('origin', 'commit', '--quiet', '--allow-empty', '--message=first');
  git('origin', 'tag', 'v1.0.0');
  git('origin', 'commit', '--quiet', '--allow-empty', '--message=second');
  git('origin', 'checkout', '--quiet', '-b', 'beside', 'v1.0.0');
  git('origin', 'commit', '--quiet', '--allow-empty', '--message=beside');
  git('origin', 'tag', 'v1.0.1');
  git('', 'clone', '--quiet', 'origin', 'clone');
});
afterAll(() => rmSync(work, { recursive: true }));

it.each([
  ['the last commit of main', 'origin/main', true],
  ['an earlier one', 'v1.0.0', true],
  ['a tag of another branch', 'v1.0.1', false],
])('%s is told', (_, commit, expected) => {
  git('clone', 'checkout', '--quiet', '--detach', commit);
  expect(isOnMain(join(work, 'clone'))).toBe(expected);
});

it.each([
  ['there is no origin/main', 'origin'],
  ['there is no repository', '..'],
])('says that it does not know where %s', (_, folder) => {
  expect(isOnMain(join(work, folder))).toBeUndefined();
});
