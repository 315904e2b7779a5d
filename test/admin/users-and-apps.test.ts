import { describe, expect, test } from 'vitest';
import { START_MS } from '../consumers/workbench.ts';
import { useAdminServer } from './server.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const at = new Date(START_MS).toISOString();
const admin = useAdminServer();
const call = (method: string, path: string, body?: unknown) => admin().call(method, path, body);
const ann = { username: 'ann', firstname: 'Ann', lastname: 'Lee', plan: 'gold' };

describe('users', () => {
  test('are created, with free properties beside the others', async () => {
    const { status, json, headers } = await call('POST', '/users', ann);
    expect(status).toBe(200);
    const times = { createdAt: at, updatedAt: at };
    expect(json).toEqual({ ...ann, id: expect.stringMatching(UUID_V4), isActive: true, ...times });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await call('POST', '/users', ann)).toMatchObject({ status: 409, text: 'username already exists' });
  });

  test('are given the id that they had elsewhere', async () => {
    const [id, appId] = ['0b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e01', '1b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e02'];
    const inactive = { ...ann, id, isActive: false };
    expect((await call('POST', '/users', inactive)).json).toMatchObject(inactive);
    const again = await call('POST', '/users', { ...ann, id });
    expect(again).toMatchObject({ status: 409, text: 'that id is taken' });
    const shop = { id: appId, userId: id, name: 'shop' };
    expect((await call('POST', '/apps', shop)).json).toMatchObject(shop);
    expect(await call('POST', '/apps', shop)).toMatchObject({ status: 409, text: 'that id is taken' });
  });

  test.each([
    [{}, "data should have required property 'username'"],
    [{ username: '' }, 'data.username must not be empty'],
    [{ username: 7 }, 'data.username must be a text'],
    [{ username: 'x', isActive: 'yes' }, 'data.isActive must be true or false'],
    [{ username: 'x', id: '1' }, 'data.id must be a UUID in lower case'],
    [[], 'the body must be a JSON object'],
    [null, 'the body must be a JSON object'],
  ])('%j is refused', async (body, text) => {
    expect(await call('POST', '/users', body)).toMatchObject({ status: 400, text });
    expect((await call('GET', '/users')).json).toEqual({ users: [], nextKey: 0 });
  });

  test('are found by id and by name', async () => {
    const { json } = await call('POST', '/users', { username: 'ann lee/%' });
    for (const name of [json.id, 'ann lee/%']) {
      expect(await call('GET', `/users/${encodeURIComponent(name)}`)).toMatchObject({ status: 200, json });
    }
    expect(await call('GET', '/users/x')).toMatchObject({ status: 404, text: 'User not found: x' });
  });

  test('are changed in part', async () => {
    const { json } = await call('POST', '/users', ann);
    const changed = await call('PUT', '/users/ann', {
      lastname: 'Moe',
      plan: null,
      size: 3,
      username: 'eve',
    });
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.json).toEqual({ ...json, plan: undefined, lastname: 'Moe', size: 3 });
    expect((await call('GET', '/users/ann')).json).toEqual(changed.json);
    expect(await call('PUT', '/users/x', {})).toMatchObject({ status: 404, text: 'User not found: x' });
    for (const bad of [{ firstname: 7 }, { isActive: false }, { id: 'x' }, { createdAt: '' }]) {
      expect(await call('PUT', '/users/ann', bad)).toMatchObject({ status: 400 });
    }
  });

  test('are activated and deactivated', async () => {
    const { json } = await call('POST', '/users', ann);
    const statuses = [];
    for (const [name, status] of [
      ['ann', true],
      ['ann', false],
      [json.id, false],
      [json.id, true],
    ] as const) {
      statuses.push((await call('PUT', `/users/${name}/status`, { status })).json);
    }
    expect(statuses.map(({ status }) => status)).toEqual(['Active', 'Deactivated', 'Inactive', 'Activated']);
    expect(await call('PUT', '/users/x/status', { status: true })).toMatchObject({ status: 404 });
    for (const body of [{}, { status: 'true' }, { status: true, more: 1 }]) {
      expect(await call('PUT', '/users/ann/status', body)).toMatchObject({ status: 400 });
    }
  });

  test('are deleted with all they have', async () => {
    await call('POST', '/users', ann);
    await call('POST', '/apps', { userId: 'ann', name: 'shop' });
    for (const consumerId of ['ann', 'shop']) {
      await call('POST', '/credentials', { consumerId, type: 'jwt' });
    }
    expect(await call('DELETE', '/users/ann')).toMatchObject({ status: 204, text: '' });
    expect(await call('DELETE', '/users/ann')).toMatchObject({ status: 404, text: 'User not found: ann' });
    expect((await call('GET', '/apps')).json).toEqual({ apps: [], nextKey: 0 });
    expect((await call('GET', '/credentials')).json).toEqual({ credentials: [] });
  });

  test('come in pages', async () => {
    const { store, clock } = admin().bench;
    for (const username of ['a', 'b', 'c']) {
      await store.createUser({ username });
      clock.nowMs += 1;
    }
    const seen: string[] = [];
    let start: string | 0 = 0;
    do {
      const { json } = await call('GET', `/users/?start=${encodeURIComponent(start)}&count=2`);
      seen.push(json.users.map(({ username }: { username: string }) => username).join(''));
      start = json.nextKey;
    } while (start !== 0);
    expect(seen).toEqual(['ab', 'c']);
    for (const count of ['0', '-1', 'x', '1.5']) {
      expect(await call('GET', `/users?count=${count}`)).toMatchObject({ status: 400 });
    }
  });
});

describe('apps', () => {
  const shop = { userId: 'ann', name: 'shop', redirectUri: 'https://x.example/cb' };

  test('are created for a user that exists', async () => {
    expect(await call('POST', '/apps', shop)).toMatchObject({
      status: 409,
      text: 'The specified user does not exist',
    });
    const user = (await call('POST', '/users', ann)).json;
    const { status, json } = await call('POST', '/apps', shop);
    expect(status).toBe(200);
    const state = { isActive: true, createdAt: at, updatedAt: at };
    expect(json).toEqual({ ...shop, id: expect.stringMatching(UUID_V4), userId: user.id, ...state });
    expect(await call('POST', '/apps', shop)).toMatchObject({ status: 409 });
    expect(await call('POST', '/apps', { userId: 'ann' })).toMatchObject({
      status: 400,
      text: "data should have required property 'name'",
    });
  });

  test('are found, renamed, switched and deleted by id or name', async () => {
    await call('POST', '/users', ann);
    const { json } = await call('POST', '/apps', shop);
    expect((await call('GET', '/apps/shop')).json).toEqual(json);
    expect((await call('PUT', '/apps/shop', { name: 'store' })).json).toEqual({ ...json, name: 'store' });
    expect(await call('GET', '/apps/shop')).toMatchObject({
      status: 404,
      text: 'Application not found: shop',
    });
    expect(await call('PUT', '/apps/store', { userId: 'bob' })).toMatchObject({ status: 400 });
    expect((await call('PUT', '/apps/store/status', { status: false })).json).toEqual({
      status: 'Deactivated',
    });
    expect((await call('GET', `/apps/${json.id}`)).json.isActive).toBe(false);
    expect((await call('GET', '/apps/')).json).toMatchObject({ apps: [{ name: 'store' }], nextKey: 0 });
    expect(await call('DELETE', `/apps/${json.id}`)).toMatchObject({ status: 204 });
    for (const method of ['GET', 'DELETE']) {
      expect(await call(method, '/apps/store')).toMatchObject({
        status: 404,
        text: 'Application not found: store',
      });
    }
    expect(await call('PUT', '/apps/store', {})).toMatchObject({ status: 404 });
    expect(await call('PUT', '/apps/store/status', { status: true })).toMatchObject({ status: 404 });
  });

  test('a name that several users have is no name', async () => {
    for (const username of ['ann', 'bob']) {
      await call('POST', '/users', { username });
      await call('POST', '/apps', { userId: username, name: 'shop' });
    }
    expect(await call('GET', '/apps/shop')).toMatchObject({ status: 409 });
    expect(await call('DELETE', '/apps/shop')).toMatchObject({ status: 409 });
    expect(await call('GET', '/credentials/shop')).toMatchObject({ status: 409 });
    expect(await call('POST', '/credentials', { consumerId: 'shop', type: 'jwt' })).toMatchObject({
      status: 409,
    });
  });
});
