/** `npm run cli` in a checkout: the very command, built where it is not yet. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../e2e/command.ts';

/** The sources, with nothing built. */
async function checkout(): Promise<string> {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'scripts'));
  for (const file of [
    'package.json',
    'tsconfig.json',
    'scripts/cli.mjs',
    'scripts/build.mjs',
    'scripts/slim.mjs',
  ])
    cpSync(file, join(folder, file));
  for (const sources of ['bin', 'lambda', 'lib', 'node_modules'])
    symlinkSync(resolve(sources), join(folder, sources));
  return folder;
}

function cli(cwd: string, args: readonly string[], input = '') {
  const run = ['run', '--silent', 'cli', '--', ...args];
  const { status, stdout, stderr } = spawnSync('npm', run, { cwd, input, encoding: 'utf8' });
  return {
    status,
    stdout,
    lines: stderr.split('\n').filter((line) => line && !line.startsWith('npm warn ')),
  };
}

/** Unsigned; nobody is asked to accept it. */
const TOKEN = `${[{ alg: 'none' }, { sub: 'ann' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

it('is built once, and passes on stdin, stdout and exit code', { timeout: 60_000 }, async () => {
  const folder = await checkout();
  const first = cli(folder, ['token', 'inspect', '-'], TOKEN);
  expect(first.status).toBe(0);
  expect(first.stdout).toContain('"sub": "ann"');
  expect(readdirSync(folder).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  const built = statSync(join(folder, 'dist')).ino;
  // The build left no line in either.
  expect(cli(folder, ['token', 'inspect', '-'], TOKEN)).toEqual(first);
  expect(cli(folder, ['no-such-command']).status).toBe(2);
  expect(statSync(join(folder, 'dist')).ino).toBe(built);
});

it('that cannot be built says so in a line', { timeout: 60_000 }, async () => {
  const folder = await checkout();
  rmSync(join(folder, 'node_modules'));
  const { status, stdout, lines } = cli(folder, ['--version']);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('npm install');
  expect(existsSync(join(folder, 'dist'))).toBe(false);
});
