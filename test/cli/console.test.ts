/** The console of a deployed table. */
import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { configFile, launch, runCommand } from '../e2e/command.ts';
import { startTable } from '../e2e/table.ts';

const LOCAL = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
const FILE = {
  jwt: { secretOrPublicKey: randomBytes(32).toString('base64url'), algorithms: ['HS256'] },
};

it('serves the table to whoever has the key in its address, and to nobody else', async () => {
  const { endpoint, tableName, store } = await startTable();
  await store.createUser({ username: 'ann' });
  const config = await configFile(FILE);
  const env = { ...LOCAL, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
  const child = await launch(['console', '--table', tableName, '--config', config, '--port', '0'], env);
  const printed = await vi.waitUntil(() => /^Console: (\S+)$/m.exec(child.output())?.[1], {
    timeout: 25_000,
  });
  const { origin, hash } = new URL(printed);
  const key = hash.slice('#key='.length);
  expect(key).toMatch(/^[\w-]{43}$/);
  const ask = (path: string, given?: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, {
      ...init,
      headers: { ...(given !== undefined && { 'x-console-key': given }), ...init.headers },
    });

  for (const path of ['/console/', '/console/console.js']) expect((await ask(path)).status).toBe(200);
  for (const given of [undefined, '', key.slice(1), `${key} `.trim().toUpperCase()])
    for (const path of ['/users', '/console/api/about', '/openapi.json', '/console/nowhere', '/'])
      expect([path, (await ask(path, given)).status]).toEqual([path, 401]);
  expect((await ask('/users', key, { headers: { origin: 'https://evil.example' } })).status).toBe(403);

  expect(await (await ask('/users', key)).json()).toMatchObject({ users: [{ username: 'ann' }] });
  expect(await (await ask('/console/api/about', key)).json()).toMatchObject({
    ...{ place: { kind: 'table', table: tableName }, hasConsumers: true, hasDecisions: false },
  });
  const explained = await ask('/console/api/explain', key, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'GET', path: '/', token: 'no.token' }),
  });
  expect(await explained.json()).toMatchObject({ decision: 'denied', code: 'token_malformed' });
  child.kill('SIGTERM');
  expect((await child.ended).code).toBe(0);
});

it('says what is wrong before it serves anything', async () => {
  const none = await runCommand('console');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--table')]);
  const config = await runCommand('console', '--table', 't', '--config', 'nowhere.yml');
  expect([config.code, config.stderr]).toEqual([1, expect.stringContaining('nowhere.yml')]);
});
