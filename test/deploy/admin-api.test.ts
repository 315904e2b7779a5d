/**
 * The deployed Admin API: what is made through it is what the protected API asks about.
 *
 * What this cannot show: who may call. As it is started here, the emulator asks these methods for a signature,
 * but does not check it, and looks at no resource policy; test/lib/admin-api.test.ts holds that.
 */
import { describe, expect, it } from 'vitest';
import { adminOf, bearer, claims, generatedSecretOf, request, signHs256 } from './support.ts';

const stack = 'controlled';

const admin = adminOf(stack);

async function statusFor(sub: string): Promise<number> {
  const token = signHs256(claims({ sub }), await generatedSecretOf(stack));
  return (await request(stack, '/', bearer(token))).status;
}

describe('the deployed Admin API', () => {
  it('makes a user and a credential, whose token then gets through, for as long as they are active', async () => {
    expect((await admin('POST', '/users', { username: 'dora' })).status).toBe(200);
    const credential = { keyId: 'key-of-dora' };
    expect(await statusFor(credential.keyId)).toBe(401);
    const made = await admin('POST', '/credentials', { consumerId: 'dora', type: 'jwt', credential });
    expect(made.status).toBe(200);
    expect(await made.json()).toMatchObject({ keyId: 'key-of-dora', keySecret: expect.any(String) });
    expect(await statusFor(credential.keyId)).toBe(200);
    expect(await (await admin('PUT', '/users/dora/status', { status: false })).json()).toEqual({
      status: 'Deactivated',
    });
    expect(await statusFor(credential.keyId)).toBe(401);
    await admin('PUT', '/users/dora/status', { status: true });
    expect(await statusFor(credential.keyId)).toBe(200);
    expect((await admin('DELETE', '/users/dora')).status).toBe(204);
    expect(await statusFor(credential.keyId)).toBe(401);
    expect((await admin('GET', '/credentials/jwt/key-of-dora')).status).toBe(404);
  });

  it('lists, pages, and decodes names', async () => {
    for (const username of ['emil', 'fritz lang']) await admin('POST', '/users', { username });
    expect((await admin('GET', '/users/fritz%20lang')).status).toBe(200);
    const page = await admin('GET', '/users?count=1');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await page.json()).toMatchObject({ users: [{}], nextKey: expect.any(String) });
    expect((await admin('PUT', '/scopes/orders%3Aread')).status).toBe(201);
    expect(await (await admin('GET', '/scopes')).json()).toMatchObject({ scopes: ['orders:read'] });
    expect((await admin('DELETE', '/scopes/orders%3Aread')).status).toBe(204);
  });

  it.each([
    ['GET', '/users'],
    ['GET', '/'],
    ['OPTIONS', '/users'],
    ['POST', '/users/x/y'],
  ])('answers 403 to %s %s without a signature', async (method, path) => {
    expect((await admin(method, path, undefined, '')).status).toBe(403);
  });

  it('refuses what it does locally', async () => {
    expect((await admin('POST', '/users', { username: ' ' })).status).toBe(400);
    expect((await admin('GET', '/users/nobody')).status).toBe(404);
    expect((await admin('GET', '/')).status).toBe(404);
  });
});
