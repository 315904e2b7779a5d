import { describe, expect, it } from 'vitest';
import { send } from '../local/support.ts';
import { type Api, startApi } from '../support/gateway.ts';
import { OK, SCOPE_MISSING } from './answers.ts';
import { readingsOf, spellingsOf } from './readings.ts';
import { bearer, SECRET, token } from './tokens.ts';

const JWT = { secretOrPublicKey: SECRET, checkCredentialExistence: false, scopeClaim: 'scope' };
const WITHOUT = bearer(token({ scope: 'other' }));
const WITH = bearer(token({ scope: 'other secret' }));
const needs = (...paths: string[]) => ({ paths, scopes: ['secret'] });

interface Case {
  readonly routes: readonly object[];
  readonly guarded: readonly string[];
  readonly free: readonly string[];
}

/** Rule sets, each with paths that they protect, and paths that they do not. */
const CASES: readonly Case[] = [
  { routes: [needs('/orders', '/orders/{id}')], guarded: ['/orders', '/orders/7'], free: ['/x', '/ordersx'] },
  { routes: [needs('/admin/*')], guarded: ['/admin/a', '/admin/a/b'], free: ['/admin', '/x/admin/a'] },
  { routes: [needs('/')], guarded: ['/'], free: ['/x'] },
  {
    routes: [needs('/files/keys', '/files/a/keys'), { paths: ['/files/*'] }],
    guarded: ['/files/keys', '/files/a/keys'],
    free: ['/files/x', '/files/keys/x', '/y'],
  },
  {
    routes: [needs('/users/me'), { paths: ['/users/{id}'] }],
    guarded: ['/users/me'],
    free: ['/users/7', '/users', '/users/me/x'],
  },
  {
    routes: [needs('/orders'), { paths: ['/orders/{id}'] }],
    guarded: ['/orders'],
    free: ['/orders/7', '/orders/7/x'],
  },
  {
    routes: [needs('/orders/{id}/refunds'), { paths: ['/orders/{id}'] }],
    guarded: ['/orders/7/refunds'],
    free: ['/orders/7', '/orders', '/orders/7/refunds/1'],
  },
  {
    routes: [needs('/a/b/c'), { paths: ['/a/{x}', '/a/{x}/{y}', '/{z}'] }],
    guarded: ['/a/b/c'],
    free: ['/a/b', '/a/b/d', '/a'],
  },
];

/** What reached the upstream and can be read as a path that the caller may not use. */
function leaks(api: Api, guarded: readonly string[]): readonly string[] {
  const isGuarded = (reading: string) => guarded.includes(reading);
  return api.seen
    .filter(({ path }) => [...readingsOf(path)].some(isGuarded))
    .map(({ method, path }) => `${method} ${path}`);
}

describe.each(CASES)('with rules for $guarded', ({ routes, guarded, free }) => {
  it('a token without the scope never gets a request through that the upstream could read so', async () => {
    const api = await startApi({ jwt: JWT, routes });
    const spellings = [...new Set(guarded.flatMap(spellingsOf))];
    // Twice, so that what one request leaves in the cache meets the others.
    for (const path of [...free, ...spellings, ...spellings.toReversed()]) {
      // Without the gateway's record: what its parser refuses has none.
      const answer = await send(api.url, path, WITHOUT);
      expect([200, 400, 403], path).toContain(answer.status);
    }
    expect(leaks(api, guarded)).toEqual([]);
  });

  it('refuses the paths themselves, and neither the scope nor other paths', async () => {
    const api = await startApi({ jwt: JWT, routes });
    for (const path of guarded) {
      expect(await api.send(path, WITHOUT), path).toMatchObject(SCOPE_MISSING);
      expect(await api.send(path, WITH), path).toMatchObject(OK);
      if (path !== '/') expect(await api.send(`${path}/`, WITH), `${path}/`).toMatchObject(OK);
    }
    for (const path of free) expect(await api.send(path, WITHOUT), path).toMatchObject(OK);
  });
});

describe('a path in another case, which upstreams such as Express read alike', () => {
  const lettered = CASES.filter(({ guarded }) => guarded.every((path) => /[a-z]/.test(path)));

  it.each(lettered)('does not get by the rules for $guarded', async ({ routes, guarded }) => {
    const api = await startApi({ jwt: JWT, routes });
    const others = guarded.flatMap((path) => [
      path.toUpperCase(),
      path.replace(/[a-z]/, (letter) => letter.toUpperCase()),
      path.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase()),
    ]);
    for (const path of others) {
      expect(await api.send(path, WITHOUT), path).toMatchObject(SCOPE_MISSING);
      expect(await api.send(path, WITH), path).toMatchObject(OK);
    }
  });
});
