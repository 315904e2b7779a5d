import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { createProgram } from '../../bin/commands/program.ts';
import { runCommand } from '../e2e/command.ts';
import { builtPackage } from '../support/gateway.ts';
import { boundTo, cli, dataFolder } from './cli.ts';

const WRONG = [
  'nonsense',
  'users',
  'users crate',
  'users create',
  'users create -p username',
  'users create -p username=ann -p isActive=maybe',
  'users create -p username=ann --nonsense',
  'users info',
  'users update ann',
  'apps create -p name=shop',
  'apps create -u ann',
  'credentials create',
  'credentials create -c ann --expires-in soon',
  'credentials create -c ann --expires-in -1d',
  'credentials rotate k1 --overlap -1h',
  'credentials scopes add a',
  'scopes create',
  'token create',
  'token create k1 --algorithm none',
  'users list --admin-url nonsense',
  'users list --admin-url http://admin.example.com',
  'users list --admin-url https://ann:pw@admin.example.com',
  'users list --admin-url https://admin.example.com --table credentials',
];

describe('wrong usage is exit code 2, and opens nothing', () => {
  test.each(WRONG)('%s', async (line) => {
    const ran = await cli(line.split(' '));
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).not.toBe('');
    expect(ran.stderr).not.toContain('pw');
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });

  test.each(['', '.', '..'])('the name "%s"', async (name) => {
    const { run } = boundTo('--data', await dataFolder());
    await run('users create -p username=ann');
    expect((await run('users info', name)).code).toBe(2);
    expect((await run('users remove', name)).code).toBe(2);
    expect((await run('scopes remove', name)).code).toBe(2);
  });
});

it('reads no place where there is nothing, and makes none', async () => {
  const data = await dataFolder();
  const { run } = boundTo('--data', data);
  expect(await run('users list')).toMatchObject({ code: 1, stdout: '' });
  expect((await run('users list')).stderr).toContain('--data');
});

it('says what to do when nobody answers', async () => {
  const { code, stderr } = await cli(['users', 'list', '--admin-url', 'http://127.0.0.1:9']);
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

it('has help with examples on every command', async () => {
  const program = createProgram({
    version: '0',
    bundle: new URL('file:///x'),
    terminal: { stdin: process.stdin, out: () => undefined, err: () => undefined, isWatched: false },
  });
  const paths: string[][] = [];
  const walk = (command: typeof program, path: string[]) => {
    if (path.length > 0) paths.push(path);
    for (const inner of command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help'))
      walk(inner as typeof program, [...path, inner.name()]);
  };
  walk(program, []);
  expect(paths.length).toBeGreaterThan(30);
  for (const path of paths) {
    const { code, stdout } = await cli([...path, '--help']);
    expect(code).toBe(0);
    expect(stdout, path.join(' ')).toMatch(/Examples?:\n {2}jwt-authorizer /);
    expect(stdout, path.join(' ')).not.toMatch(/\ba [aeio]\w/i);
  }
});

it.skipIf(!existsSync('/dev/full'))('a full disk is one line, and exit code 1', async () => {
  const data = await dataFolder();
  await boundTo('--data', data).run('users create -p username=ann');
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  const to = (redirection: string, ...args: readonly string[]) =>
    spawnSync('bash', ['-c', `"$@" ${redirection}`, 'bash', process.execPath, command, ...args], {
      encoding: 'utf8',
    });
  for (const line of ['users list', 'credentials create -c ann', '--help']) {
    const { status, stderr } = to(
      '> /dev/full',
      ...line.split(' '),
      ...(line === '--help' ? [] : ['--data', data]),
    );
    expect({ line, status }).toEqual({ line, status: 1 });
    expect(stderr.match(/^error: .*ENOSPC.*$/gm)).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
  expect(to('2> /dev/full', 'users', 'crate').status).not.toBe(0);
});

it('as a process: the exit codes are the same', async () => {
  const data = await dataFolder();
  expect((await runCommand('users', 'list', '--data', data)).code).toBe(1);
  expect((await runCommand('users', 'create', '--data', data)).code).toBe(2);
  expect((await runCommand('--help')).code).toBe(0);
  expect((await runCommand('--version')).code).toBe(0);
});
