import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../support/gateway.ts';
import { deniedFor, OK, SCOPE_MISSING, UNAUTHORIZED } from './answers.ts';
import { bearer, nowSeconds, SECRET, token } from './tokens.ts';

const JWT = { secretOrPublicKey: SECRET, checkCredentialExistence: false, scopeClaim: 'scope' };
const SCOPED = [
  { paths: ['/orders', '/orders/{id}'], methods: ['POST'], scopes: ['write'] },
  { paths: ['/orders', '/orders/{id}'], methods: ['GET'] },
  { paths: ['/stock/{id}'], scopes: ['stock'] },
];

describe('the record of a request', () => {
  it('says miss, then hit, and the function is invoked once for the whole stage', async () => {
    const api = await startApi({ jwt: JWT });
    const mine = bearer(token());
    const uses = [];
    for (const [method, path] of [
      ['GET', '/a'],
      ['GET', '/a'],
      ['POST', '/b/c'],
      ['DELETE', '/'],
    ] as const) {
      const answer = await api.send(path, { method, ...mine });
      expect(answer.status).toBe(200);
      uses.push(answer.record.cache);
    }
    expect(uses).toEqual(['miss', 'hit', 'hit', 'hit']);
    expect(api.invocations()).toBe(1);
  });

  it('says off with authorizerCacheSeconds 0', async () => {
    const api = await startApi({ jwt: JWT, authorizerCacheSeconds: 0 });
    const mine = bearer(token());
    for (const _ of [1, 2]) expect((await api.send('/', mine)).record.cache).toBe('off');
    expect(api.invocations()).toBe(2);
  });

  it.each([
    { why: 'anonymous callers', jwt: { ...JWT, passThrough: true }, routes: [], path: '/' },
    {
      why: 'tokens in two places',
      jwt: [
        { ...JWT, passThrough: true },
        { ...JWT, jwtExtractor: 'query', jwtExtractorField: 't' },
      ],
      routes: [],
      path: '/',
    },
    { why: 'rules inside the catch-all', jwt: JWT, routes: SCOPED, path: '/elsewhere' },
  ])('says off for $why, whatever time is asked for by default', async ({ jwt, routes, path }) => {
    const api = await startApi({ jwt, routes });
    const mine = bearer(token());
    for (const _ of [1, 2]) {
      const answer = await api.send(path, mine);
      expect(answer).toMatchObject(OK);
      expect(answer.record.cache).toBe('off');
    }
  });

  it('keeps tokens apart', async () => {
    const api = await startApi({ jwt: JWT });
    expect(await api.send('/', bearer(token({ sub: 'one' })))).toMatchObject(OK);
    expect((await api.send('/', bearer(token({ sub: 'two' })))).record.cache).toBe('miss');
    expect(api.seen.map(({ headers }) => headers['x-authorizer-principal-id'])).toEqual(['one', 'two']);
    expect(await api.send('/', bearer(token({}, { secret: `${SECRET}.` })))).toMatchObject(UNAUTHORIZED);
  });
});

describe('one token across routes with scopes', () => {
  let api: Api;
  const reader = bearer(token({ scope: 'stock' }));
  const writer = bearer(token({ scope: 'write' }));

  beforeAll(async () => {
    api = await startApi({ jwt: JWT, routes: SCOPED });
  });

  it("gets each route's own answer, in any order and again from the cache", async () => {
    const routes = [
      ['GET', '/orders', 200, 200],
      ['POST', '/orders', 403, 200],
      ['GET', '/orders/1', 200, 200],
      ['POST', '/orders/1', 403, 200],
      ['GET', '/stock/1', 200, 403],
      ['PUT', '/stock/1', 200, 403],
      ['POST', '/elsewhere', 200, 200],
    ] as const;
    for (const round of [routes, routes.toReversed(), routes]) {
      for (const [method, path, forReader, forWriter] of round) {
        const name = `${method} ${path}`;
        expect((await api.send(path, { method, ...reader })).status, name).toBe(forReader);
        expect((await api.send(path, { method, ...writer })).status, name).toBe(forWriter);
      }
    }
  });

  it('shares an answer among the paths of a resource, a Deny as well as an Allow', async () => {
    api.flushAuthorizerCache();
    const post = { method: 'POST', ...reader };
    expect((await api.send('/orders/1', post)).record).toMatchObject({ status: 403, cache: 'miss' });
    expect((await api.send('/orders/2', post)).record).toMatchObject({ status: 403, cache: 'hit' });
    expect((await api.send('/orders/2/', post)).record).toMatchObject({ status: 403, cache: 'hit' });
    expect((await api.send('/orders/2', reader)).record).toMatchObject({ status: 200, cache: 'miss' });
    expect((await api.send('/orders/3/', reader)).record).toMatchObject({ status: 200, cache: 'hit' });
  });

  it('is not poisoned by a Deny for one of them', async () => {
    api.flushAuthorizerCache();
    expect(await api.send('/orders', { method: 'POST', ...reader })).toMatchObject(SCOPE_MISSING);
    expect(await api.send('/orders', reader)).toMatchObject(OK);
    expect(await api.send('/stock/1', reader)).toMatchObject(OK);
    expect(await api.send('/orders', { method: 'POST', ...writer })).toMatchObject(OK);
    expect(await api.send('/orders', { method: 'POST', ...reader })).toMatchObject(SCOPE_MISSING);
  });
});

describe('a denial', () => {
  const expired = bearer(token({ exp: 1 }));
  const early = bearer(token({ nbf: nowSeconds() + 600 }));

  it('is a 401 that is never kept, by default', async () => {
    const api = await startApi({ jwt: JWT });
    for (const _ of [1, 2]) {
      const answer = await api.send('/', expired);
      expect(answer).toMatchObject(UNAUTHORIZED);
      expect(answer.record.cache).toBe('miss');
    }
    expect(api.invocations()).toBe(2);
  });

  it('is a 403 that is kept, with onDenial: policy', async () => {
    const api = await startApi({ jwt: JWT, onDenial: 'policy' });
    const answers = [];
    for (const path of ['/', '/a', '/b/c']) answers.push(await api.send(path, expired));
    for (const answer of answers) expect(answer).toMatchObject(deniedFor('token_expired'));
    expect(answers.map(({ record }) => record.cache)).toEqual(['miss', 'hit', 'hit']);
    expect(api.invocations()).toBe(1);
    expect(await api.send('/', bearer(token()))).toMatchObject(OK);
  });

  it('that time can change stays a 401 that is not kept, with onDenial: policy', async () => {
    const api = await startApi({ jwt: JWT, onDenial: 'policy' });
    for (const _ of [1, 2]) expect(await api.send('/', early)).toMatchObject(UNAUTHORIZED);
    expect(api.invocations()).toBe(2);
  });
});
