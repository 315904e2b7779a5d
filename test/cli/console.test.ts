/** The console of a deployed table. */
import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { configFile, launch, runCommand } from '../e2e/command.ts';
import { expectValue, startTable } from '../e2e/table.ts';
import { SECRET, token } from '../e2e/tokens.ts';
import { serve } from '../keys/support.ts';
import { startCloudFormation } from '../support/cloud-formation.ts';
import { closeAtEnd } from '../support/gateway.ts';

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

it('serves the table of a stack, and knows its secret', async () => {
  const { endpoint, tableName, store } = await startTable();
  const ann = expectValue(await store.createUser({ username: 'ann' }));
  expectValue(await store.createCredential({ consumerId: ann.id, keyId: 'k1' }));
  const cloud = closeAtEnd(await startCloudFormation());
  cloud.stacks.set('Orders', { outputs: { CredentialsTableName: tableName, GeneratedSecretArn0: 'orders' } });
  cloud.stacks.set('Empty', { outputs: {} });
  const secrets = closeAtEnd(
    await serve((_, response) =>
      response
        .setHeader('content-type', 'application/x-amz-json-1.1')
        .end(JSON.stringify({ ARN: 'orders', SecretString: SECRET })),
    ),
  );
  const env = {
    ...LOCAL,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloud.origin,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.origin,
  };
  const config = await configFile({ jwt: { secret: 'generate', algorithms: ['HS256'] } });
  const args = (stack: string) => ['console', '--stack', stack, '--config', config, '--port', '0'];
  const child = await launch(args('Orders'), env);
  const printed = await vi.waitUntil(() => /^Console: (\S+)$/m.exec(child.output())?.[1], {
    timeout: 25_000,
  });
  const { origin, hash } = new URL(printed);
  const explained = await fetch(`${origin}/console/api/explain`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-console-key': hash.slice('#key='.length) },
    body: JSON.stringify({ method: 'GET', path: '/', token: token({ sub: 'k1' }) }),
  });
  expect(await explained.json()).toMatchObject({ decision: 'allowed' });
  child.kill('SIGTERM');
  expect((await child.ended).code).toBe(0);
  const empty = await (await launch(args('Empty'), env)).ended;
  expect(empty.code).toBe(1);
});

it('says what is wrong before it serves anything', async () => {
  const none = await runCommand('console');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--table')]);
  const both = await runCommand('console', '--table', 't', '--stack', 's');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--stack')]);
  const config = await runCommand('console', '--table', 't', '--config', 'nowhere.yml');
  expect([config.code, config.stderr]).toEqual([1, expect.stringContaining('nowhere.yml')]);
});
