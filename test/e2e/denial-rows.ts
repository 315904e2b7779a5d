/** A request for every denial, and what there must be in the table for it. */
import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';
import { afterAll } from 'vitest';
import type { DenialCode } from '../../lambda/authorizer/denial.ts';
import type { ConfigFile } from '../support/gateway.ts';
import { expectValue, type TestTable } from './table.ts';
import { encode, nowSeconds, SECRET, signed, token } from './tokens.ts';

/**
 * `always 401`: time or state can change it. `lasting`: 401, or a cached 403 with `onDenial: policy`.
 * `always 403`: it is known who calls.
 */
type Kind = 'always 401' | 'lasting' | 'always 403';

export interface Row {
  readonly code: DenialCode;
  readonly kind: Kind;
  readonly name: string;
  /** In the place of the config's policy options. */
  readonly jwt?: ConfigFile;
  readonly send: () => { readonly path?: string; readonly headers?: readonly string[] };
}

const held = (value: string) => ({ headers: ['Authorization', `Bearer ${value}`] });
const row = (code: DenialCode, kind: Kind, name: string, send: Row['send'], jwt?: ConfigFile): Row => ({
  code,
  kind,
  name,
  send,
  ...(jwt && { jwt }),
});
const part = encode;
const uncontrolled = { checkCredentialExistence: false, scopeClaim: 'scope' };
const required = { ...uncontrolled, requiredClaims: { tenant: ['a', 'b'] } };

const [published, another] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 })) as [
  KeyPairKeyObjectResult,
  KeyPairKeyObjectResult,
];
const keySet = createServer((_request, response) => {
  response.end(JSON.stringify({ keys: [{ ...published.publicKey.export({ format: 'jwk' }), kid: 'here' }] }));
});
await new Promise<void>((resolve) => keySet.listen(0, '127.0.0.1', resolve));
afterAll(() => keySet.close());
const issuers = {
  ...uncontrolled,
  ...{
    secretOrPublicKey: undefined,
    algorithms: ['RS256'],
    issuer: 'https://id.example',
    audience: 'orders',
  },
  jwksUri: `http://127.0.0.1:${(keySet.address() as AddressInfo).port}/keys`,
};
const rs256 = (keyid: string, key: KeyObject) =>
  jwt.sign({ iss: 'https://id.example', aud: 'orders' }, key, { algorithm: 'RS256', expiresIn: 600, keyid });

export const ROWS: readonly Row[] = [
  row('token_missing', 'always 401', 'another scheme', () => ({ headers: ['Authorization', 'Basic eDp5'] })),
  row('token_ambiguous', 'lasting', 'two headers', () => ({
    headers: ['Authorization', `Bearer ${token()}`, 'Authorization', `Bearer ${token()}`],
  })),
  row('token_too_large', 'lasting', '8,193 bytes', () => held('x'.repeat(8_193))),
  row('token_malformed', 'lasting', '8,192 bytes of nothing', () => held('x'.repeat(8_192))),
  row('token_malformed', 'lasting', 'two parts', () => held(token().split('.').slice(0, 2).join('.'))),
  row('token_malformed', 'lasting', 'a duplicate member', () =>
    held(signed(`${part({ alg: 'HS256' })}.${part('{"sub":"a","sub":"b","exp":9999999999}')}`)),
  ),
  row('token_malformed', 'lasting', 'exp as text', () => held(token({ exp: '9999999999' }))),
  row('token_malformed', 'lasting', 'padding', () => held(`${token()}=`)),
  row('algorithm_not_allowed', 'lasting', 'none', () =>
    held(`${part({ alg: 'none' })}.${part({ sub: 'reader', exp: nowSeconds() + 600 })}.`),
  ),
  row('algorithm_not_allowed', 'lasting', 'not in the list', () =>
    held(token({}, { header: { alg: 'HS512' } })),
  ),
  row('critical_header_not_supported', 'lasting', 'crit', () =>
    held(token({}, { header: { crit: ['exp'] } })),
  ),
  row('critical_header_not_supported', 'lasting', 'b64: false', () =>
    held(token({}, { header: { b64: false } })),
  ),
  row('signature_invalid', 'lasting', 'another secret', () => held(token({}, { secret: `${SECRET}.` }))),
  row('signature_invalid', 'lasting', 'before expiry: claims are read after the signature', () =>
    held(token({ exp: 1 }, { secret: `${SECRET}.` })),
  ),
  // A key that is fetched can be another one tomorrow.
  row(
    'signature_invalid',
    'always 401',
    'by another key than the one of that kid',
    () => held(rs256('here', another.privateKey)),
    issuers,
  ),
  row(
    'key_unknown',
    'always 401',
    'a kid that the set does not have',
    () => held(rs256('gone', published.privateKey)),
    issuers,
  ),
  row('token_type_not_allowed', 'lasting', 'JWT for at+jwt', () => held(token()), {
    ...uncontrolled,
    tokenTypes: ['at+jwt'],
  }),
  row('token_expired', 'lasting', 'a second ago', () => held(token({ exp: nowSeconds() - 1 }))),
  row('token_not_yet_valid', 'always 401', 'nbf ahead', () => held(token({ nbf: nowSeconds() + 60 }))),
  row('token_not_yet_valid', 'always 401', 'iat far ahead', () => held(token({ iat: nowSeconds() + 120 }))),
  row('token_too_old', 'lasting', 'maxAgeSeconds', () => held(token({ iat: nowSeconds() - 62 })), {
    ...uncontrolled,
    maxAgeSeconds: 60,
  }),
  row('issuer_mismatch', 'lasting', 'another issuer', () => held(token({ iss: 'https://b/' })), {
    ...uncontrolled,
    issuer: 'https://a/',
  }),
  row('issuer_mismatch', 'lasting', 'no issuer', () => held(token()), {
    ...uncontrolled,
    issuer: 'https://a/',
  }),
  row('audience_mismatch', 'lasting', 'another audience', () => held(token({ aud: ['x', 'y'] })), {
    ...uncontrolled,
    audience: ['orders', 'stock'],
  }),
  row('claim_missing', 'lasting', 'no exp', () => held(token({ exp: undefined }))),
  row('claim_missing', 'lasting', 'a required claim', () => held(token()), required),
  row('claim_mismatch', 'lasting', 'a required value', () => held(token({ tenant: 'c' })), required),
  row('credential_unknown', 'always 401', 'nobody of that name', () => held(token({ sub: 'nobody' }))),
  row('credential_unknown', 'always 401', 'no sub', () => held(token({ sub: undefined }))),
  row('credential_inactive', 'always 401', 'deactivated', () => held(token({ sub: 'deactivated' }))),
  row('credential_inactive', 'always 401', 'past its end', () => held(token({ sub: 'ended' }))),
  row('consumer_inactive', 'always 401', 'a user', () => held(token({ sub: 'of-inactive-user' }))),
  row('consumer_inactive', 'always 401', 'an application', () => held(token({ sub: 'of-inactive-app' }))),
  row('consumer_inactive', 'always 401', "an active application's owner", () =>
    held(token({ sub: 'of-inactive-owner' })),
  ),
  row('token_revoked', 'always 401', 'by its jti', () =>
    held(token({ sub: 'reader', iss: 'https://id.example', jti: 'gone' })),
  ),
  row('token_revoked', 'always 401', 'with all of a user that were issued before', () =>
    held(token({ sub: 'of-revoked', iat: nowSeconds() - 100 })),
  ),
  row(
    'token_revoked',
    'always 401',
    'uncontrolled, with tokenRevocation',
    () => held(token({ iss: 'https://id.example', jti: 'gone' })),
    { ...uncontrolled, tokenRevocation: true },
  ),
  row('scope_missing', 'always 403', 'a rule on the route', () => ({
    path: '/orders',
    ...held(token({ sub: 'reader' })),
  })),
  row('path_not_canonical', 'always 403', 'beside a rule', () => ({
    path: '//orders',
    ...held(token({ sub: 'reader' })),
  })),
];

export async function fill({ store }: TestTable): Promise<void> {
  for (const [username, isActive] of [
    ['ann', true],
    ['bob', false],
    ['eve', true],
  ] as const) {
    const { id } = expectValue(await store.createUser({ username, isActive }));
    expectValue(await store.createApplication({ userId: id, name: `app-of-${username}` }));
  }
  expectValue(await store.createApplication({ userId: 'ann', name: 'inactive-app', isActive: false }));
  const credentials = [
    { consumerId: 'ann', keyId: 'reader' },
    { consumerId: 'ann', keyId: 'deactivated', isActive: false },
    { consumerId: 'ann', keyId: 'ended', expiresAtSeconds: nowSeconds() - 1 },
    { consumerId: 'bob', keyId: 'of-inactive-user' },
    { consumerId: 'inactive-app', keyId: 'of-inactive-app' },
    { consumerId: 'app-of-bob', keyId: 'of-inactive-owner' },
    { consumerId: 'app-of-eve', keyId: 'of-revoked' },
  ];
  for (const credential of credentials) expectValue(await store.createCredential(credential));
  expectValue(await store.revokeToken({ jti: 'gone', issuer: 'https://id.example' }));
  const { id } = expectValue(await store.getUser('eve'));
  expectValue(await store.revokeIssuedBefore({ type: 'user', id }));
}

/** The configuration of a row. */
export const fileOf = (jwt: ConfigFile | undefined, onDenial: 'unauthorized' | 'policy'): ConfigFile => ({
  jwt: { secretOrPublicKey: SECRET, algorithms: ['HS256'], ...jwt },
  routes: [{ paths: ['/orders'], scopes: ['orders:write'] }],
  onDenial,
});

/** Whether it is a 403 rather than a 401. */
export const isForbidden = (kind: Kind, onDenial: 'unauthorized' | 'policy'): boolean =>
  kind === 'always 403' || (kind === 'lasting' && onDenial === 'policy');
