/** Who owns the data folder, and what a change through the command means for requests. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFile, runCommand, type Started, start } from '../e2e/command.ts';
import { boundTo, dataFolder } from './cli.ts';

const CONFIG = {
  jwt: { secret: 'generate', algorithms: ['HS256'] },
  authorizerCacheSeconds: 300,
  credentialCacheSeconds: 0,
};

const ask = async ({ url }: Started, token: string) =>
  (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;

describe('a data folder', () => {
  it('is gone through the gateway that runs on it: what changes counts at once', async () => {
    const [config, data] = [await configFile(CONFIG), await dataFolder()];
    const gateway = await start(['--config', config, '--data', data]);
    const command = (...args: string[]) => runCommand(...args, '--config', config, '--data', data);
    await command('users', 'create', '-p', 'username=ann');
    expect((await command('credentials', 'create', '-c', 'ann', '-p', 'keyId=k1')).code).toBe(0);
    const { code, stdout, stderr } = await command('token', 'create', 'k1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const token = stdout.trim();
    expect(await ask(gateway, token)).toBe(200);

    expect((await command('credentials', 'deactivate', 'k1')).code).toBe(0);
    expect(await ask(gateway, token)).toBe(401);
    await command('credentials', 'activate', 'k1');
    expect(await ask(gateway, token)).toBe(200);
    await command('users', 'deactivate', 'ann');
    expect(await ask(gateway, token)).toBe(401);

    expect((await gateway.stop()).code).toBe(0);
    await expect(stat(join(data, 'running.json'))).rejects.toThrow();
    expect(await boundTo('--data', data).json('users info ann')).toMatchObject({ isActive: false });
  });

  it('is opened when its gateway was killed, whatever that left behind', async () => {
    const [config, data] = [await configFile(CONFIG), await dataFolder()];
    const gateway = await start(['--config', config, '--data', data]);
    const { quiet, json } = boundTo('--data', data);
    const id = await quiet('users create -p username=ann');
    await gateway.stop('SIGKILL');
    const left = await readFile(join(data, 'running.json'), 'utf8');
    expect(await quiet('users info ann')).toBe(id);
    // Even when another process, this one, has got its number.
    await writeFile(join(data, 'running.json'), JSON.stringify({ ...JSON.parse(left), pid: process.pid }));
    expect(await json('users list')).toHaveLength(2);
    await expect(stat(join(data, 'running.json'))).rejects.toThrow();
  });

  it('is worked on by several commands at once, each in its turn', async () => {
    const data = await dataFolder();
    const ended = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => runCommand('users', 'create', '-p', `username=u${n}`, '-q', '--data', data)),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(await boundTo('--data', data).json('users list')).toHaveLength(5);
  });

  it('is readable by the user alone', async () => {
    const data = await dataFolder();
    expect((await runCommand('users', 'create', '-p', 'username=ann', '--data', data)).code).toBe(0);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    const gateway = await start(['--config', await configFile(CONFIG), '--data', data]);
    expect((await stat(join(data, 'running.json'))).mode & 0o777).toBe(0o600);
    await gateway.stop();
  });
});
