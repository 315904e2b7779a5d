import { describe, expect, test } from 'vitest';
import { jtiHashOf, tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { START_MS } from '../consumers/workbench.ts';
import { useAdminServer } from './server.ts';

const admin = useAdminServer();
const call = (method: string, path: string, body?: unknown) => admin().call(method, path, body);
const now = new Date(START_MS).toISOString();
const NOW = START_MS / 1000;

describe('one token', () => {
  const tokenHash = tokenHashOf('header.payload');
  const revoked = (hash: string, by: 'jti' | 'token') =>
    admin().bench.item(`revoked#${by}#${hash}`, 'record');

  test('is revoked by its hash', async () => {
    const expiresAt = new Date((NOW + 60) * 1000).toISOString();
    expect(await call('POST', '/revocations/tokens', { tokenHash, expiresAt })).toMatchObject({
      status: 204,
      text: '',
    });
    expect(await revoked(tokenHash, 'token')).toMatchObject({ purgeAtSeconds: { N: String(NOW + 3_660) } });
  });

  test('is revoked by its jti', async () => {
    expect((await call('POST', '/revocations/tokens', { jti: '7', issuer: 'https://a' })).status).toBe(204);
    expect(await revoked(jtiHashOf('7', 'https://a'), 'jti')).not.toHaveProperty('purgeAtSeconds');
  });

  test.each([
    {},
    { issuer: 'a' },
    { tokenHash: 'short' },
    { tokenHash, jti: '7' },
    { tokenHash, issuer: 'a' },
    { jti: 7 },
    { jti: '7', expiresAt: 'soon' },
    // A year of JavaScript's own, long over: nothing would be revoked.
    { jti: '7', expiresAt: '12' },
    { jti: '7', expiresAt: 'a 5' },
    { jti: '7', expiresAt: '2027-02-30' },
    { jti: '7', token: 'x.y.z' },
  ])('%j is refused', async (body) => {
    expect(await call('POST', '/revocations/tokens', body)).toMatchObject({ status: 400 });
    expect(await admin().bench.item('revoked#all', 'record')).toBeUndefined();
  });
});

describe('all tokens that were issued before a moment', () => {
  test('everybody’s: now, or when it is said; the latest counts', async () => {
    const path = '/revocations/all';
    const put = async (body?: unknown) => (await call('PUT', path, body)).json;
    expect(await put({ issuedBefore: NOW - 10 })).toEqual({
      issuedBefore: new Date((NOW - 10) * 1000).toISOString(),
    });
    expect(await put()).toEqual({ issuedBefore: now });
    expect(await put({ issuedBefore: '2020-01-01T00:00:00Z' })).toEqual({ issuedBefore: now });
    expect(await call('PUT', path, { issuedBefore: NOW + 61 })).toMatchObject({
      status: 400,
      text: expect.stringMatching(/^data\.issuedBefore /),
    });
    expect(await call('PUT', path, { issuedBefore: 'x' })).toMatchObject({ status: 400 });
    expect(await call('PUT', path, { before: NOW })).toMatchObject({ status: 400 });
  });

  test('a part of a second counts as a whole', async () => {
    const issuedBefore = new Date(START_MS - 1_999).toISOString();
    expect((await call('PUT', '/revocations/all', { issuedBefore })).json).toEqual({
      issuedBefore: new Date(START_MS - 1_000).toISOString(),
    });
  });

  test("a consumer's, by id or name, and it is shown with it", async () => {
    const { id } = (await call('POST', '/users', { username: 'ann' })).json;
    await call('POST', '/apps', { userId: 'ann', name: 'shop' });
    for (const name of ['ann', id, 'shop'])
      expect((await call('PUT', `/revocations/consumers/${name}`)).json).toEqual({ issuedBefore: now });
    for (const path of ['/users/ann', '/apps/shop'])
      expect((await call('GET', path)).json).toMatchObject({ issuedBefore: now });
    expect(await call('PUT', '/revocations/consumers/nobody')).toMatchObject({ status: 404 });
    const free = { userId: 'ann', name: 'desk', issuedBefore: 'mine' };
    expect(await call('POST', '/apps', free)).toMatchObject({ status: 400 });
  });
});
