/** The console of the built command: what a browser gets, and what requests through the gateway look like there. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../bin/console/wire.ts';
import { configFile, type Started, start } from './command.ts';

const ROUTES = [{ paths: ['/orders'], methods: ['POST'], scopes: ['orders:write'] }];

async function open(file: Readonly<Record<string, unknown>>): Promise<{ started: Started; url: string }> {
  const started = await start(['--ephemeral', '--config', await configFile(file)]);
  const line = await started.printed((printed) => printed.startsWith('Console: '));
  return { started, url: line.slice('Console: '.length) };
}

async function decisionsAt(url: string): Promise<readonly Decision[]> {
  return ((await (await fetch(`${url}api/decisions`)).json()) as { decisions: readonly Decision[] })
    .decisions;
}

describe('beside the Admin API', () => {
  it('serves the page, and tells why requests were refused, though callers are not told', async () => {
    const jwt = { secret: 'generate', algorithms: ['HS256'], issuer: 'https://id/' };
    const { started, url } = await open({ jwt, routes: ROUTES, authorizerCacheSeconds: 300 });
    const page = await (await fetch(url)).text();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(3);
    for (const file of files) expect((await fetch(new URL(file, url))).status).toBe(200);
    // Nothing inline, which the policy would stop.
    expect(page).not.toMatch(/<style|style=|<script(?! type="module" src=)|\son[a-z]+="/);

    const call = (method: string, path: string, token?: string) =>
      fetch(`${started.url}${path}`, {
        method,
        ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      });
    const token = started.token ?? '';
    await call('GET', '/hello?secret=1', token);
    await call('GET', '/hello');
    await call('POST', '/orders', token);
    await call('POST', '/orders', token);
    await call('GET', '/hello', `${token.slice(0, -4)}AAAA`);
    await started.printed(() => started.lines().filter((line) => / 401 /.test(line)).length >= 2);
    const decisions = await decisionsAt(url);
    expect(decisions.map(({ status, code, cache }) => [status, code, cache])).toEqual([
      [200, undefined, 'off'],
      [401, 'token_missing', 'off'],
      [403, 'scope_missing', 'miss'],
      [403, 'scope_missing', 'hit'],
      [401, 'signature_invalid', 'off'],
    ]);
    expect(decisions[0]).toMatchObject({ path: '/hello', resource: '/{proxy+}', consumer: 'demo' });
    // A Deny says the consumer's id; the same caller has the same name.
    expect(decisions.map(({ consumer }) => consumer)).toEqual([
      ...['demo', undefined, 'demo', 'demo', undefined],
    ]);
    expect(JSON.stringify(decisions)).not.toMatch(/secret|eyJ/);
    expect((await started.stop()).code).toBe(0);
  });

  it('explains with the keys and the table that the gateway has', async () => {
    const { started, url } = await open({ jwt: { secret: 'generate', algorithms: ['HS256'] } });
    const answer = await fetch(`${url}api/explain`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'GET', path: '/hello', token: started.token }),
    });
    expect(await answer.json()).toMatchObject({ decision: 'allowed' });
    await started.stop();
  });
});

it('where nobody is looked up, the console is served alone', async () => {
  const jwt = { secret: 'generate', algorithms: ['HS256'], checkCredentialExistence: false };
  const { started, url } = await open({ jwt });
  expect(await (await fetch(`${url}api/about`)).json()).toMatchObject({
    hasConsumers: false,
    hasDecisions: true,
  });
  expect((await fetch(new URL('/users', url))).status).toBe(404);
  expect(started.lines().some((line) => line.startsWith('Admin API'))).toBe(false);
  // TOKEN events say no request id; the code comes all the same.
  await fetch(started.url, { headers: { authorization: 'Bearer no.token' } });
  await fetch(started.url, { headers: { authorization: `Bearer ${started.token}` } });
  const [malformed, allowed] = await decisionsAt(url);
  expect(malformed).toMatchObject({ status: 401, code: 'token_malformed' });
  // No consumer, so no username: the subject.
  expect(allowed).toMatchObject({ status: 200, consumer: expect.stringMatching(/^\w/) });
  await started.stop();
});
