import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { temporaryFolder } from '../e2e/command.ts';
import { builtPackage } from '../support/gateway.ts';
import { cli } from './cli.ts';

const complete = async (...words: string[]) =>
  (await cli(['__complete', '--', ...words])).stdout.split('\n').filter((line) => line !== '');

describe('candidates', () => {
  test.each([
    [['us'], ['users']],
    [
      ['users', ''],
      ['activate', 'create', 'deactivate', 'info', 'list', 'remove', 'update'],
    ],
    [['users', 'de'], ['deactivate']],
    [
      ['credentials', 'scopes', ''],
      ['add', 'remove', 'set'],
    ],
    [['credentials', 'rotate', 'k1', '--ov'], ['--overlap']],
    [['users', 'list', '--data', ''], []],
    [
      ['attach', '--on-detach', ''],
      ['restore', 'deny'],
    ],
    [['attach', '--on-detach', 'd'], ['deny']],
    [['users', 'info', ''], []],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['nonsense', 'x'], []],
  ])('%j: %j', async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });

  it('at the beginning: every command that the help shows', async () => {
    const found = await complete('');
    expect(found).toEqual([...found].sort());
    expect(found).toContain('start');
    expect(found).toContain('token');
    expect(found).not.toContain('__complete');
    expect(found).not.toContain('credential:scopes');
  });
});

/** @returns a folder with the command and the script of a shell. */
async function installed(shell: string): Promise<string> {
  const folder = await temporaryFolder();
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  await chmod(command, 0o755);
  await symlink(command, `${folder}/jwt-authorizer`);
  await writeFile(`${folder}/script`, (await cli(['completion', shell])).stdout);
  return folder;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

it('bash completes with the script', async () => {
  const folder = await installed('bash');
  const lines = [
    `PATH=${folder}:$PATH; source ${folder}/script`,
    'COMP_WORDS=(jwt-authorizer credentials de); COMP_CWORD=2; _jwt_authorizer; echo "$COMPREPLY"',
    'COMP_WORDS=(jwt-authorizer users ""); COMP_CWORD=2; _jwt_authorizer; echo "$COMPREPLY"',
  ];
  expect(execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' })).toBe('deactivate\nactivate\n');
});

it.skipIf(!has('fish'))(
  'fish completes with the script: files only where there is nothing else',
  async () => {
    const folder = await installed('fish');
    const lines = [
      `set -x PATH ${folder} $PATH; source ${folder}/script; cd ${folder}`,
      'complete -C "jwt-authorizer credentials de"; complete -C "jwt-authorizer completion "',
      'complete -C "jwt-authorizer start --config sc"',
    ];
    expect(execFileSync('fish', ['-c', lines.join('\n')], { encoding: 'utf8' })).toBe(
      'deactivate\nbash\nfish\nzsh\nscript\n',
    );
  },
);

it.skipIf(!has('zsh'))('zsh reads the script', async () => {
  const folder = await installed('zsh');
  const lines = `autoload -U compinit; compinit -u -D; source ${folder}/script; echo $_comps[jwt-authorizer]`;
  expect(execFileSync('zsh', ['-f', '-c', lines], { encoding: 'utf8' })).toBe('_jwt_authorizer\n');
});

it('knows no other shells', async () => {
  expect((await cli(['completion', 'tcsh'])).code).toBe(2);
});
