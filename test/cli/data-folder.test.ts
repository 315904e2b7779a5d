/** What a command does to the folder that it is told to keep its data in. */
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { openDataFolder } from '../../bin/local/data-folder.ts';
import { openLocalKeys } from '../../bin/local/local-keys.ts';
import { configFile, runCommand, temporaryFolder } from '../e2e/command.ts';
import { jwt, pipelineOf } from '../import/gateway-config.ts';
import { boundTo, cli } from './cli.ts';

const CONFIG = { jwt: { secret: 'generate', algorithms: ['HS256'] } };
const CREATE = ['users', 'create', '-p', 'username=x'];

/** @returns a folder that others may read, with these files; what ends with `/` is a folder. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) await mkdir(join(path, name));
    else await writeFile(join(path, name), content);
  }
  await chmod(path, 0o755);
  return path;
}

const modeOf = async (path: string) => (await lstat(path)).mode & 0o7777;

describe("somebody else's folder", () => {
  it.each([
    { name: 'a project', files: { 'package.json': '{}', '.git/': '' } },
    { name: 'its .gitignore alone', files: { '.gitignore': 'node_modules\n' } },
    { name: 'one that git does not see', files: { '.gitignore': '*\n', 'pyvenv.cfg': '' } },
    { name: 'a folder called dynamodb in it', files: { 'dynamodb/': '', 'main.tf': '' } },
    { name: 'a folder called dynamodb alone', files: { 'dynamodb/': '' } },
    { name: 'a key of that name', files: { 'demo-private.pem': '', 'README.md': '' } },
  ])('is refused, and stays as it is: $name', async ({ files }) => {
    const [data, config] = [await folderWith(files), await configFile(CONFIG)];
    const before = await readdir(data, { recursive: true });
    for (const command of [CREATE, ['token', 'create', '-p', 'sub=x', '--config', config]]) {
      const { code, stdout, stderr } = await cli([...command, '--data', data]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('--data');
      expect(stderr).not.toContain('bug');
    }
    expect(await readdir(data, { recursive: true })).toEqual(before);
    expect(await modeOf(data)).toBe(0o755);
  });

  it('is refused by start too', async () => {
    const [data, config] = [await folderWith({ 'package.json': '{}' }), await configFile(CONFIG)];
    const { code, stderr } = await runCommand('start', '--port', '0', '--config', config, '--data', data);
    expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(await readdir(data)).toEqual(['package.json']);
  });

  it('that all share is refused even when it is empty', async () => {
    const data = await folderWith({});
    await chmod(data, 0o1777);
    expect((await cli([...CREATE, '--data', data])).code).toBe(1);
    expect(await modeOf(data)).toBe(0o1777);
  });
});

describe('a data folder', () => {
  it('is made of an empty folder', async () => {
    const data = await folderWith({});
    expect((await cli([...CREATE, '--data', data])).code).toBe(0);
    expect(await modeOf(data)).toBe(0o700);
    expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('of an earlier version goes on, and is hidden from others and from git', async () => {
    const data = join(await temporaryFolder(), 'data');
    expect((await cli([...CREATE, '--data', data])).code).toBe(0);
    openLocalKeys(openDataFolder(data));
    for (const name of ['.gitignore', 'lock']) await rm(join(data, name), { recursive: true });
    await chmod(data, 0o755);
    expect(await boundTo('--data', data).json('users info x')).toMatchObject({ username: 'x' });
    expect(await modeOf(data)).toBe(0o700);
    expect(await readdir(data)).toContain('.gitignore');
  });

  it('without a table yet, or with what a kill left of its first moment, goes on', async () => {
    const first = join(await temporaryFolder(), 'data');
    openLocalKeys(openDataFolder(first));
    expect((await cli([...CREATE, '--data', first])).code).toBe(0);
    const killed = await folderWith({ '.gitignore.4711': '' });
    expect((await cli([...CREATE, '--data', killed])).code).toBe(0);
  });

  it('among other things goes on, and they stay visible', async () => {
    const data = join(await temporaryFolder(), 'data');
    expect((await cli([...CREATE, '--data', data])).code).toBe(0);
    await rm(join(data, '.gitignore'));
    await writeFile(join(data, 'package.json'), '{}');
    await chmod(data, 0o755);
    expect((await boundTo('--data', data).run('users info x')).code).toBe(0);
    expect(await readdir(data)).not.toContain('.gitignore');
    expect(await modeOf(data)).toBe(0o755);
  });

  it.each(['.gitignore', `.gitignore.${process.pid}`])('writes through no link: %s', async (name) => {
    const [data, other] = [await folderWith({}), join(await temporaryFolder(), 'other')];
    await writeFile(other, 'mine');
    await symlink(other, join(data, name));
    await cli([...CREATE, '--data', data]);
    expect(await readFile(other, 'utf8')).toBe('mine');
  });
});

describe('the folder beside a configuration', () => {
  it('is not made where the configuration that was named is not there', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'authoriser.config.yml');
    for (const command of [CREATE, ['users', 'list'], ['token', 'create', '-p', 'sub=x']]) {
      const { code, stdout, stderr } = await cli([...command, '--config', config]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(config);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('is made where it is', async () => {
    const config = await configFile(CONFIG);
    expect((await cli([...CREATE, '--config', config])).code).toBe(0);
    expect(await readdir(join(config, '..'))).toEqual(['.jwt-authorizer', 'authorizer.config.yml']);
  });

  it('is made for the default name, which may be missing', async () => {
    const [folder, before] = [await temporaryFolder(), process.cwd()];
    process.chdir(folder);
    try {
      expect((await cli(CREATE)).code).toBe(0);
    } finally {
      process.chdir(before);
    }
    expect(await readdir(folder)).toEqual(['.jwt-authorizer']);
  });
});

describe('a folder that cannot be made', () => {
  // In a process of its own: what never ends would take the test runner along.
  test.skipIf(process.platform !== 'linux')('is refused, where the file system says ENOENT', async () => {
    const config = await configFile(CONFIG);
    for (const data of ['/proc/xx', '/proc/xx/yy']) {
      for (const command of [CREATE, ['token', 'create', 'x'], ['start', '--port', '0']]) {
        const { code, stderr } = await runCommand(...command, '--config', config, '--data', data);
        expect(code, command.join(' ')).toBe(1);
        expect(stderr).toContain('ENOENT');
        expect(stderr).not.toContain('bug');
      }
    }
  });
  test.skipIf(process.platform !== 'linux')('is refused for what an import writes too', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'gateway.config.yml');
    await writeFile(file, pipelineOf(jwt()));
    for (const out of ['/proc/xx/a.yml', '/proc/xx/yy/a.yml']) {
      const { code, stderr } = await runCommand('import', 'gateway-config', file, '--out', out);
      expect(code).toBe(1);
      expect(stderr).toContain('ENOENT');
      expect(stderr).not.toContain('bug');
    }
  });
});
