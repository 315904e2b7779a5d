import { expect, it } from 'vitest';
import { configFile, start } from './command.ts';

const FILE = {
  jwt: { secret: 'generate', algorithms: ['HS256'] },
  authorizerCacheSeconds: 300,
  credentialCacheSeconds: 0,
};

it('a consumer that the Admin API deactivates is denied from then on, cached answers included', async () => {
  const started = await start(['--ephemeral', '--config', await configFile(FILE)]);
  const line = started.lines().find((printed) => printed.startsWith('Admin API: ')) ?? '';
  const users = line.slice('Admin API: '.length);
  const status = (path: string, isActive: boolean) =>
    fetch(`${users}/${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: isActive }),
    });
  const ask = async () => {
    const headers = { authorization: `Bearer ${started.token}` };
    return (await fetch(started.url, { headers })).status;
  };
  expect([await ask(), await ask()]).toEqual([200, 200]);
  expect(await (await status('demo/status', false)).json()).toEqual({ status: 'Deactivated' });
  expect(await ask()).toBe(401);
  expect((await status('demo/status', true)).status).toBe(200);
  expect(await ask()).toBe(200);
  expect((await started.stop()).code).toBe(0);
});
