import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi, takeFunctionLog } from '../support/gateway.ts';
import { OK, SCOPE_MISSING } from './answers.ts';
import { expectValue, startTable } from './table.ts';
import { bearer, SECRET, token } from './tokens.ts';

const POLICY = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const ROUTES = [
  { paths: ['/orders', '/orders/{id}'], methods: ['GET'], scopes: ['read'] },
  { paths: ['/orders', '/orders/{id}'], methods: ['POST', 'DELETE'], scopes: ['read', 'write'] },
  { paths: ['/orders/{id}/refunds'], scopes: ['refund'] },
  { paths: ['/orders/open'], methods: ['GET'], scopes: ['open'] },
  { paths: ['/files/*'], methods: ['GET', 'PUT'], scopes: ['files'] },
  { paths: ['/files/public/{name}'], methods: ['PUT'], scopes: ['publish'] },
  { paths: ['/status'] },
];

/** Method, path, the scopes that the rules ask for together. */
const NEEDS: readonly (readonly [method: string, path: string, scopes: readonly string[]])[] = [
  ['GET', '/orders', ['read']],
  ['GET', '/orders/', ['read']],
  ['HEAD', '/orders', ['read']],
  ['HEAD', '/orders/7', ['read']],
  ['POST', '/orders', ['read', 'write']],
  ['DELETE', '/orders/7', ['read', 'write']],
  ['GET', '/orders/7', ['read']],
  ['GET', '/orders/%C3%A9%20x', ['read']],
  ['GET', '/orders/open', ['read', 'open']],
  ['HEAD', '/orders/open', ['read', 'open']],
  ['DELETE', '/orders/open', ['read', 'write']],
  ['PATCH', '/orders/7', []],
  ['OPTIONS', '/orders', []],
  ['GET', '/orders/7/refunds', ['refund']],
  ['PATCH', '/orders/7/refunds', ['refund']],
  ['GET', '/orders/7/refunds/1', []],
  ['GET', '/files', []],
  ['GET', '/files/a', ['files']],
  ['HEAD', '/files/a/b/c', ['files']],
  ['PUT', '/files/a', ['files']],
  ['PUT', '/files/public/x', ['files', 'publish']],
  ['PUT', '/files/public/x/', ['files', 'publish']],
  ['PUT', '/files/public/x/y', ['files']],
  ['GET', '/files/public/x', ['files']],
  ['POST', '/files/a', []],
  ['GET', '/status', []],
  ['GET', '/', []],
  ['GET', '/elsewhere', []],
  ['GET', '/ordersx', []],
];

const ALL = ['read', 'write', 'refund', 'open', 'files', 'publish'];

describe('the scopes of a route', () => {
  let api: Api;

  beforeAll(async () => {
    const jwt = { ...POLICY, checkCredentialExistence: false, scopeClaim: 'scope' };
    api = await startApi({ jwt, routes: ROUTES });
  });

  const status = async (method: string, path: string, scopes: readonly string[]) => {
    const { headers } = bearer(token({ scope: scopes.join(' ') }));
    return (await api.send(path, { method, headers })).status;
  };

  it.each(NEEDS)('%s %s needs %s', async (method, path, scopes) => {
    expect(await status(method, path, scopes), 'just enough').toBe(200);
    expect(await status(method, path, ALL), 'more than enough').toBe(200);
    for (const missing of scopes) {
      const others = ALL.filter((scope) => scope !== missing);
      expect(await status(method, path, others), `all but ${missing}`).toBe(403);
    }
    expect(await status(method, path, []), 'none').toBe(scopes.length === 0 ? 200 : 403);
  });

  it('are compared whole: neither parts nor spellings of a scope count', async () => {
    for (const scope of ['READ', 'rea', 'read:x', 'read,write', 'read\twrite', 'xread'])
      expect(await status('GET', '/orders', [scope]), scope).toBe(403);
  });

  it('come as text or as a list, and from nothing else', async () => {
    const call = (scope: unknown) => api.send('/orders', bearer(token({ scope })));
    expect((await call(['read'])).status).toBe(200);
    for (const scope of [undefined, null, { read: true }, ['read write'], [['read']], true, 1])
      expect((await call(scope)).status, JSON.stringify(scope)).toBe(403);
  });

  it('leave the answer, and the reason to the log alone', async () => {
    takeFunctionLog();
    const answer = await api.send('/orders/secret-id', bearer(token()));
    expect(answer).toMatchObject(SCOPE_MISSING);
    expect(answer.record).toMatchObject({ resource: '/orders/{id}', reason: 'explicit_deny' });
    const [line] = takeFunctionLog();
    expect(line).toMatchObject({ code: 'scope_missing', method: 'GET', resource: '/orders/{id}' });
    expect(JSON.stringify(line)).not.toContain('secret-id');
  });
});

describe('a scope in the controlled modality', () => {
  const routes = [{ paths: ['/orders'], scopes: ['read'] }];
  const held = (sub: string, scope?: string) => bearer(token({ sub, scope }));

  it("is the credential's, and the token's as well where scopeClaim says so", async () => {
    const table = await startTable();
    expectValue(await table.store.createScopes(['read', 'write']));
    expectValue(await table.store.createUser({ username: 'ann' }));
    const common = { consumerId: 'ann' };
    expectValue(await table.store.createCredential({ ...common, keyId: 'reader', scopes: ['read'] }));
    expectValue(await table.store.createCredential({ ...common, keyId: 'writer', scopes: ['write'] }));

    const plain = await startApi({ jwt: POLICY, routes }, { table });
    expect(await plain.send('/orders', held('reader'))).toMatchObject(OK);
    expect(await plain.send('/orders', held('writer', 'read'))).toMatchObject(SCOPE_MISSING);

    const both = await startApi({ jwt: { ...POLICY, scopeClaim: 'scope' }, routes }, { table });
    expect(await both.send('/orders', held('reader', 'write read'))).toMatchObject(OK);
    expect(both.seen.at(-1)?.headers['x-authorizer-scopes']).toBe('read');
    expect(await both.send('/orders', held('reader', 'write'))).toMatchObject(SCOPE_MISSING);
    expect(await both.send('/orders', held('reader'))).toMatchObject(SCOPE_MISSING);
    expect(await both.send('/orders', held('writer', 'read'))).toMatchObject(SCOPE_MISSING);
  });

  it('is none for the anonymous, who may go where no rule asks', async () => {
    const jwt = { ...POLICY, checkCredentialExistence: false, scopeClaim: 'scope', passThrough: true };
    const api = await startApi({ jwt, routes });
    expect(await api.send('/orders')).toMatchObject(SCOPE_MISSING);
    expect(await api.send('/orders', bearer(token({ scope: 'read', exp: 1 })))).toMatchObject(SCOPE_MISSING);
    expect(await api.send('/orders', bearer(token({ scope: 'read' })))).toMatchObject(OK);
    expect(await api.send('/elsewhere')).toMatchObject(OK);
  });
});
