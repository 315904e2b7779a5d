import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFile, runCommand, runCurls, type Started, start, temporaryFolder } from './command.ts';

const GENERATED = {
  jwt: { secret: 'generate', algorithms: ['HS256'] },
  routes: [{ paths: ['/orders'], methods: ['POST'], scopes: ['orders:write'] }],
};

async function call(to: Started, token: string | undefined): Promise<{ status: number; id: unknown }> {
  const answer = await fetch(to.url, { headers: { authorization: `Bearer ${token}` } });
  const { headers } = (await answer.json()) as { headers?: Record<string, unknown> };
  return { status: answer.status, id: headers?.['x-authorizer-consumer-id'] };
}

async function entriesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return [folder, ...names.map((name) => join(folder, name))];
}

describe('jwt-authorizer start --data', () => {
  it.concurrent('keeps keys and consumers from one run to the next', async () => {
    const data = join(await temporaryFolder(), 'below', 'data');
    const args = ['--config', await configFile(GENERATED), '--data', data];
    const first = await start(args);
    const before = await call(first, first.token);
    expect(before.status).toBe(200);
    expect((await first.stop()).code).toBe(0);

    const second = await start(args);
    expect(await call(second, first.token)).toEqual(before);
    expect(await call(second, second.token)).toEqual(before);
    expect((await runCurls(second)).map(({ status }) => status)).toEqual([200, 401, 403, 200]);
    expect((await second.stop('SIGINT')).code).toBe(0);
  });

  it.concurrent('gives other runs other keys', async () => {
    const config = await configFile(GENERATED);
    const [one, other] = await Promise.all([
      start(['--config', config, '--ephemeral']),
      start(['--config', config, '--data', await temporaryFolder()]),
    ]);
    expect((await call(other, one.token)).status).toBe(401);
    await Promise.all([one.stop(), other.stop()]);
  });

  it.concurrent('lies beside the configuration by default', async () => {
    const config = await configFile(GENERATED);
    const started = await start(['--config', config]);
    await started.stop();
    expect(await readdir(join(config, '..'))).toEqual(['.jwt-authorizer', 'authorizer.config.yml']);
  });

  it.concurrent('is readable by the user alone, a folder that was there before included', async () => {
    const data = join(await temporaryFolder(), 'data');
    await mkdir(data, { mode: 0o755 });
    const started = await start(['--config', await configFile(GENERATED), '--data', data]);
    expect((await lstat(data)).mode & 0o777).toBe(0o700);
    const paths = await entriesBelow(data);
    const secrets = paths.filter((path) => /secret|private/.test(path));
    expect(secrets.length).toBeGreaterThan(0);
    for (const path of secrets) expect((await lstat(path)).mode & 0o777, path).toBe(0o600);
    await started.stop();
  });

  it.concurrent('belongs to one run at a time: a second one ends with one line', async () => {
    const data = await temporaryFolder();
    const config = await configFile(GENERATED);
    const first = await start(['--config', config, '--data', data]);
    const second = await runCommand('start', '--port', '0', '--config', config, '--data', data);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(second.stderr).toContain(data);
    expect(second.stderr).toContain('in use');
    expect((await call(first, first.token)).status).toBe(200);
    await first.stop();
  });
});
