/** Calls that bring about what the description says, in an order in which they succeed. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const call = (method: string, path: string, body?: unknown): Call => ({
  method,
  path,
  ...(body !== undefined && { body }),
});

/** One for each operation, all of them answered with success. */
export const GOOD: readonly Call[] = [
  call('get', '/openapi.json'),
  call('post', '/users', { username: 'ann', plan: 'gold' }),
  call('put', '/revocations/consumers/ann', { issuedBefore: '2026-01-01T00:00:00Z' }),
  call('get', '/users?count=1'),
  call('get', '/users/ann'),
  call('put', '/users/ann', { email: 'ann@x.example', plan: null }),
  call('put', '/users/ann/status', { status: true }),
  call('post', '/apps', { userId: 'ann', name: 'shop' }),
  call('get', '/apps'),
  call('get', '/apps/shop'),
  call('put', '/apps/shop', { redirectUri: 'https://x.example/cb' }),
  call('put', '/apps/shop/status', { status: true }),
  call('get', '/scopes'),
  call('post', '/scopes', { scopes: ['read'] }),
  call('put', '/scopes/write'),
  call('get', '/scopes/read'),
  call('post', '/credentials', {
    consumerId: 'ann',
    type: 'jwt',
    credential: { keyId: 'k', scopes: 'read', issuer: 'https://id.example', expiresAt: 4_000_000_000 },
  }),
  call('get', '/credentials'),
  call('get', '/credentials/ann?count=1'),
  call('get', '/credentials/jwt/k'),
  call('put', '/credentials/jwt/k/status', { status: true }),
  call('put', '/credentials/jwt/k/scopes/write'),
  call('put', '/credentials/jwt/k/scopes', { scopes: ['read', 'write'] }),
  call('delete', '/credentials/jwt/k/scopes/write'),
  call('post', '/credentials/jwt/k/rotate', { overlapSeconds: 60 }),
  call('post', '/revocations/tokens', { jti: '1', issuer: 'https://id.example', expiresAt: 4_000_000_000 }),
  call('put', '/revocations/all', { issuedBefore: 1 }),
  call('delete', '/credentials/jwt/k'),
  call('delete', '/scopes/write'),
  call('delete', '/apps/shop'),
  call('delete', '/users/ann'),
];

/** Two users with an app of the same name, a scope and a credential. */
export const SETTING: readonly Call[] = [
  ...['ann', 'bob'].flatMap((username) => [
    call('post', '/users', { username }),
    call('post', '/apps', { userId: username, name: 'shop' }),
  ]),
  call('post', '/apps', { userId: 'ann', name: 'desk' }),
  call('post', '/scopes', { scopes: ['read'] }),
  call('post', '/credentials', { consumerId: 'ann', type: 'jwt', credential: { keyId: 'k' } }),
];

const state = { status: true };
const scope = '/credentials/jwt/k/scopes/a%20b';

/** In that setting: every refusal that the description names beside those of any body. */
export const REFUSED: readonly Call[] = [
  ...['/users', '/apps', '/credentials', '/credentials/ann'].map((path) => call('get', `${path}?count=0`)),
  call('post', '/users', { username: 'ann' }),
  call('post', '/apps', { userId: 'ann', name: 'shop' }),
  ...['/users/x', '/apps/x', '/apps/shop'].flatMap((path) => [
    call('get', path),
    call('put', path, {}),
    call('put', `${path}/status`, state),
    call('delete', path),
  ]),
  call('post', '/scopes', { scopes: ['read'] }),
  call('put', '/scopes/read'),
  call('put', '/scopes/a%20b'),
  call('get', '/scopes/x'),
  call('delete', '/scopes/x'),
  call('post', '/credentials', { consumerId: 'x', type: 'jwt' }),
  call('post', '/credentials', { consumerId: 'ann', type: 'jwt', credential: { keyId: 'k' } }),
  call('get', '/credentials/x'),
  call('get', '/credentials/shop'),
  call('get', '/credentials/jwt/x'),
  call('delete', '/credentials/jwt/x'),
  call('put', '/credentials/jwt/x/status', state),
  call('put', '/credentials/jwt/x/scopes', { scopes: [] }),
  call('post', '/credentials/jwt/x/rotate', {}),
  call('put', '/credentials/jwt/x/scopes/read'),
  call('delete', '/credentials/jwt/x/scopes/read'),
  call('put', scope),
  call('delete', scope),
  call('put', '/revocations/consumers/x'),
  call('put', '/revocations/consumers/shop'),
];
