/**
 * What docs/cookbook/from-a-copied-sample.md says of the authorizer that everybody copies, shown with the very lines of that page:
 * behind this gateway's identity sources, cache and policy evaluation, in place of our function.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import jwt from 'jsonwebtoken';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startEchoUpstream } from '../../bin/local/echo-upstream.ts';
import { startGateway } from '../../bin/local/gateway.ts';
import { RSA, spkiPem } from '../config/keys.ts';
import { config, send } from './support.ts';

const PAGE = 'docs/cookbook/from-a-copied-sample.md';
/** Its only block of JavaScript. */
const SAMPLE = /^```js\n(.*?)^```/ms.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '';

type Handler = (event: unknown) => Promise<unknown>;

const folder = mkdtempSync(join(tmpdir(), 'copied-sample-'));
const cleanUps: (() => Promise<void>)[] = [];
const logged: unknown[] = [];

beforeAll(() => {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  vi.stubEnv('PUBLIC_KEY', spkiPem(RSA.publicKey));
  vi.spyOn(console, 'log').mockImplementation((...told) => void logged.push(...told));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const tokenOf = (claims: object, options: jwt.SignOptions = {}) =>
  jwt.sign(claims, RSA.privateKey, { algorithm: 'RS256', ...options });
const ANN = tokenOf({ sub: 'ann', scope: 'orders:read' }, { expiresIn: 60 });

/** @param change what is mended in the copy. @returns the status of a request with a token. */
async function setUp(change: (text: string) => string = (text) => text) {
  const file = join(folder, `${cleanUps.length}-${Math.random()}.mjs`);
  writeFileSync(file, change(SAMPLE));
  const { handler } = (await import(pathToFileURL(file).href)) as { handler: Handler };
  const echo = await startEchoUpstream();
  let invocations = 0;
  const gateway = await startGateway({
    config: config({ authorizerCacheSeconds: 300 }),
    invoke: (event) => {
      invocations += 1;
      return handler(event);
    },
    upstream: echo.url,
    port: 0,
    now: Date.now,
    log: () => undefined,
  });
  cleanUps.push(echo.close, gateway.close);
  return {
    status: async (path: string, authorization: string, method = 'GET') =>
      (await send(gateway.url, path, { method, headers: { authorization } })).status,
    invocations: () => invocations,
  };
}

it('answers 403 on the second route, from the cache', async () => {
  const { status, invocations } = await setUp();
  expect(await status('/orders', `Bearer ${ANN}`)).toBe(200);
  expect(await status('/orders', `Bearer ${ANN}`)).toBe(200);
  expect(await status('/customers', `Bearer ${ANN}`)).toBe(403);
  expect(invocations()).toBe(1);
});

it('mended by a wildcard, lets in where the first route was the only one that was asked about', async () => {
  const asksForScope =
    "if (!event.methodArn.includes('/GET/') && !claims.scope.includes('orders:write')) throw new Error('Unauthorized');\n  return {";
  const { status } = await setUp((text) =>
    text.replace('return {', asksForScope).replace('event.methodArn }', "'*' }"),
  );
  expect(await status('/orders', `Bearer ${ANN}`)).toBe(200);
  expect(await status('/orders', `Bearer ${ANN}`, 'DELETE')).toBe(200);
});

it.each([
  ['is expired', `Bearer ${tokenOf({ sub: 'ann' }, { expiresIn: -1 })}`],
  ['is none', 'Bearer not.a.token'],
  ['is another scheme’s', 'Basic YTpi'],
])('answers 500 for a token that %s', async (_, authorization) => {
  const { status } = await setUp();
  expect(await status('/orders', authorization)).toBe(500);
});

it.each([
  ['for another audience', tokenOf({ sub: 'ann', aud: 'another-application' }, { expiresIn: 60 })],
  ['without an end', tokenOf({ sub: 'ann' })],
])('lets a token in that is %s', async (_, token) => {
  const { status } = await setUp();
  expect(await status('/orders', `Bearer ${token}`)).toBe(200);
});

it('writes the token into the log', async () => {
  const { status } = await setUp();
  await status('/orders', `Bearer ${ANN}`);
  expect(JSON.stringify(logged)).toContain(ANN);
});
