import { describe, expect, test } from 'vitest';
import { START_MS } from '../consumers/workbench.ts';
import { useAdminServer } from './server.ts';

const at = new Date(START_MS).toISOString();
const admin = useAdminServer();
const call = (method: string, path: string, body?: unknown) => admin().call(method, path, body);

describe('scopes', () => {
  test('are created, listed, shown and deleted', async () => {
    expect((await call('GET', '/scopes')).json).toEqual({ scopes: null });
    expect(await call('POST', '/scopes/', { scopes: ['read', 'orders:write'] })).toMatchObject({
      status: 201,
      text: '',
    });
    expect(await call('PUT', '/scopes/admin')).toMatchObject({ status: 201, text: '' });
    expect((await call('GET', '/scopes')).json).toEqual({ scopes: ['admin', 'orders:write', 'read'] });
    expect((await call('GET', '/scopes/orders%3Awrite')).json).toEqual({ scope: 'orders:write' });
    for (const [method, path, body] of [
      ['POST', '/scopes', { scopes: ['new', 'read'] }],
      ['PUT', '/scopes/read', undefined],
    ] as const) {
      const text = 'One or more scopes already exist.';
      expect(await call(method, path, body)).toMatchObject({ status: 409, text });
    }
    expect(await call('DELETE', '/scopes/read')).toMatchObject({ status: 204 });
    for (const method of ['GET', 'DELETE']) {
      expect(await call(method, '/scopes/read')).toMatchObject({
        status: 404,
        text: 'scope not found: read',
      });
    }
  });

  test.each([{}, { scopes: [] }, { scopes: 'a b' }, { scopes: [7] }, { scopes: ['a'], more: 1 }])(
    '%j is refused',
    async (body) => {
      expect(await call('POST', '/scopes', body)).toMatchObject({ status: 400 });
    },
  );
});

describe('credentials', () => {
  const prepare = async () => {
    await call('POST', '/scopes', { scopes: ['read', 'write'] });
    return (await call('POST', '/users', { username: 'ann' })).json;
  };
  const create = (credential: object) =>
    call('POST', '/credentials', { consumerId: 'ann', type: 'jwt', credential });

  test('come whole as in Express Gateway, and in pages where they are asked for', async () => {
    const { call } = admin();
    await call('POST', '/users', { username: 'ann' });
    const keyIds = ['a', 'b', 'c'];
    for (const keyId of keyIds) {
      await call('POST', '/credentials', { consumerId: 'ann', type: 'jwt', credential: { keyId } });
    }
    for (const path of ['/credentials', '/credentials/ann']) {
      const whole = (await call('GET', path)).json;
      expect(Object.keys(whole)).toEqual(['credentials']);
      expect(whole.credentials.map(({ keyId }) => keyId)).toEqual(keyIds);
      const first = (await call('GET', `${path}?count=2`)).json;
      expect(first.credentials).toEqual(whole.credentials.slice(0, 2));
      const next = encodeURIComponent(first.nextKey);
      const second = (await call('GET', `${path}?start=${next}`)).json;
      expect(second).toEqual({ credentials: whole.credentials.slice(2), nextKey: 0 });
      for (const bad of ['0', '-1', '1.5', 'x'])
        expect((await call('GET', `${path}?count=${bad}`)).status).toBe(400);
    }
  });

  test('are created, with their secret this once', async () => {
    const { id: consumerId } = await prepare();
    const { status, json } = await call('POST', '/credentials/', { consumerId: 'ann', type: 'jwt' });
    expect(status).toBe(200);
    expect(json).toEqual({
      id: json.keyId,
      keyId: expect.stringMatching(/^[\w-]{22}$/),
      keySecret: expect.stringMatching(/^[\w-]{86}$/),
      scopes: [],
      consumerId,
      type: 'jwt',
      isActive: true,
      createdAt: at,
      updatedAt: at,
    });
    const { keySecret, ...shown } = json;
    expect((await call('GET', `/credentials/jwt/${json.id}`)).json).toEqual(shown);
    for (const path of ['/credentials', '/credentials/ann', `/credentials/${consumerId}`]) {
      expect((await call('GET', path)).json).toEqual({ credentials: [shown] });
    }
  });

  test('keep what their maker chose', async () => {
    await prepare();
    const expiresAt = '2030-01-01T00:00:00.000Z';
    const chosen = {
      keyId: 'a/b:c',
      issuer: 'https://id.example/',
      apiKey: 'k',
      isActive: false,
      note: { x: 1 },
    };
    const made = await create({ ...chosen, keySecret: 'given', scopes: 'read', expiresAt });
    expect(made.json).toMatchObject({
      ...chosen,
      id: 'a/b:c',
      keySecret: 'given',
      scopes: ['read'],
      expiresAt,
    });
    const { json } = await call('GET', '/credentials/jwt/a%2Fb%3Ac');
    expect(json).toMatchObject({ ...chosen, scopes: ['read'], expiresAt });
    expect(JSON.stringify(json)).not.toContain('given');
    expect(await create({ keyId: 'a/b:c' })).toMatchObject({ status: 409 });
  });

  test('have the API key of their plan', async () => {
    await prepare();
    const { status, json } = await create({ keyId: 'k', plan: 'gold' });
    const [[apiKeyId, key] = []] = [...admin().bench.apiKeys.keys];
    expect(status).toBe(200);
    expect(json).toMatchObject({ plan: 'gold', apiKeyId, apiKey: key?.value });
    expect((await call('GET', '/credentials/jwt/k')).json).toMatchObject({ plan: 'gold', apiKeyId });
    expect((await call('DELETE', '/credentials/jwt/k')).status).toBe(204);
    expect(admin().bench.apiKeys.keys.size).toBe(0);
  });

  test('are refused for a plan that is not there, and for what is not theirs to choose', async () => {
    await prepare();
    expect(await create({ plan: 'platinum' })).toMatchObject({
      status: 400,
      text: 'There is no such usage plan; there are: gold, silver',
    });
    for (const fields of [{ plan: 'gold', apiKey: 'k' }, { plan: 7 }, { plan: null }, { apiKeyId: 'x' }])
      expect((await create(fields)).status).toBe(400);
    expect(admin().bench.apiKeys.keys.size).toBe(0);
  });

  test('wait for API Gateway', async () => {
    await prepare();
    const { apiKeys } = admin().bench;
    apiKeys.isDown = true;
    const refused = await create({ keyId: 'k', plan: 'gold' });
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('API key')]);
    apiKeys.isDown = false;
    expect((await create({ keyId: 'k', plan: 'gold' })).status).toBe(200);
  });

  test('need a consumer, a type and scopes that exist', async () => {
    await prepare();
    expect(await call('POST', '/credentials', { consumerId: 'x', type: 'jwt' })).toMatchObject({
      status: 422,
      text: 'No consumer found with id: x',
    });
    expect(await create({ scopes: ['read', 'x'] })).toMatchObject({
      status: 400,
      text: "One or more scopes don't exist",
    });
    expect(await call('POST', '/credentials', { consumerId: 'ann', type: 'key-auth' })).toMatchObject({
      status: 400,
      text: 'Invalid credential type: key-auth',
    });
    for (const body of [
      { type: 'jwt' },
      { consumerId: 'ann' },
      { consumerId: 7, type: 'jwt' },
      { consumerId: 'ann', type: 'jwt', credential: [] },
      { consumerId: 'ann', type: 'jwt', keyId: 'k' },
    ]) {
      expect(await call('POST', '/credentials', body)).toMatchObject({ status: 400 });
    }
    for (const bad of [{ keyId: 'a b' }, { expiresAt: 'soon' }, { createdAt: 'x' }, { publicKey: 'x' }]) {
      expect(await create(bad)).toMatchObject({ status: 400 });
    }
    expect((await call('GET', '/credentials')).json).toEqual({ credentials: [] });
    expect(await call('GET', '/credentials/x')).toMatchObject({ status: 404 });
  });

  test('are switched, re-scoped and deleted', async () => {
    await prepare();
    await create({ keyId: 'k' });
    const status = async (isActive: boolean) =>
      (await call('PUT', '/credentials/jwt/k/status', { status: isActive })).json.status;
    expect([await status(true), await status(false), await status(false)]).toEqual([
      ...['Active', 'Deactivated', 'Inactive'],
    ]);
    const scopes = async () => (await call('GET', '/credentials/jwt/k')).json.scopes;
    expect(await call('PUT', '/credentials/jwt/k/scopes/write')).toMatchObject({ status: 204, text: '' });
    expect(await scopes()).toEqual(['write']);
    expect(await call('PUT', '/credentials/jwt/k/scopes/', { scopes: ['read', 'write'] })).toMatchObject({
      status: 204,
    });
    expect(await call('DELETE', '/credentials/jwt/k/scopes/write')).toMatchObject({ status: 204 });
    expect(await scopes()).toEqual(['read']);
    for (const [path, body] of [
      ['/credentials/jwt/k/scopes/x', undefined],
      ['/credentials/jwt/k/scopes', { scopes: ['x'] }],
    ] as const) {
      const text = "One or more scopes don't exist";
      expect(await call('PUT', path, body)).toMatchObject({ status: 400, text });
    }
    expect(await call('PUT', '/credentials/jwt/k/scopes', { scopes: 'read' })).toMatchObject({ status: 400 });
    await call('DELETE', '/scopes/read');
    expect(await scopes()).toEqual([]);
    expect(await call('DELETE', '/credentials/jwt/k')).toMatchObject({ status: 204 });
    expect((await call('GET', '/credentials/ann')).json).toEqual({ credentials: [] });
  });

  test('what is not there, or of another type, is not found', async () => {
    await prepare();
    await create({ keyId: 'k' });
    for (const [type, keyId] of [
      ['jwt', 'x'],
      ['key-auth', 'k'],
    ]) {
      const path = `/credentials/${type}/${keyId}`;
      for (const [method, below, body] of [
        ['GET', '', undefined],
        ['DELETE', '', undefined],
        ['PUT', '/status', { status: true }],
        ['PUT', '/scopes/read', undefined],
        ['DELETE', '/scopes/read', undefined],
        ['PUT', '/scopes', { scopes: ['read'] }],
        ['POST', '/rotate', {}],
      ] as const) {
        const text = `No credential found with id: ${keyId}`;
        expect(await call(method, path + below, body)).toMatchObject({ status: 404, text });
      }
    }
  });

  test('are rotated, with the new secret this once', async () => {
    await prepare();
    const { json: before } = await create({ keyId: 'k' });
    const { status, json } = await call('POST', '/credentials/jwt/k/rotate', { overlapSeconds: 60 });
    expect(status).toBe(200);
    expect(json).toEqual({ ...before, keySecret: expect.stringMatching(/^[\w-]{86}$/) });
    expect(json.keySecret).not.toBe(before.keySecret);
    expect((await call('POST', '/credentials/jwt/k/rotate')).json.keySecret).not.toBe(json.keySecret);
    expect((await call('GET', '/credentials/jwt/k')).json).not.toHaveProperty('keySecret');
    expect(await call('POST', '/credentials/jwt/k/rotate', { overlapSeconds: -1 })).toMatchObject({
      status: 400,
    });
    expect(await call('POST', '/credentials/jwt/k/rotate', { overlap: 1 })).toMatchObject({ status: 400 });
  });
});
