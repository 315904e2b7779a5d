import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  applicationProblems,
  credentialProblems,
  scopesProblems,
  userProblems,
} from '../../lambda/consumers/input.ts';
import type { NewCredential, NewUser } from '../../lambda/consumers/store.ts';
import { credentialKeyFor } from '../../lambda/keys/credential-key.ts';

const fieldsOf = (problems: readonly { field: string }[]) => problems.map(({ field }) => field);
const badUser = (input: object) => fieldsOf(userProblems({ username: 'ann', ...input } as NewUser));
const badCredential = (input: object) =>
  fieldsOf(credentialProblems({ consumerId: 'ann', ...input } as NewCredential));

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const rsa = (modulusLength: number) => pem(generateKeyPairSync('rsa', { modulusLength }).publicKey);
const ec = (namedCurve: string) => pem(generateKeyPairSync('ec', { namedCurve }).publicKey);

describe('names', () => {
  test.each(['a', 'x'.repeat(256), 'Ann Ünder', 'a#b', '👩'])('%j is a username', (username) => {
    expect(badUser({ username })).toEqual([]);
  });
  test.each(['', 'x'.repeat(257), ' a', 'a ', 'a\nb', '\u0000', '\ud800', undefined, null, 7, {}])(
    '%j is none',
    (username) => {
      expect(badUser({ username })).toEqual(['username']);
    },
  );
  test('an application needs an owner and a name', () => {
    expect(fieldsOf(applicationProblems({ userId: '', name: '' }))).toEqual(['userId', 'name']);
    expect(applicationProblems({ userId: 'ann', name: 'shop' })).toEqual([]);
  });
  test('every problem is told at once', () => {
    expect(badUser({ username: '', email: 7, isActive: 'yes', properties: [] })).toEqual([
      'username',
      'email',
      'isActive',
      'properties',
    ]);
  });
});

describe('free properties', () => {
  const ofJsonBytes = (bytes: number) => ({ k: 'x'.repeat(bytes - '{"k":""}'.length) });
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  test.each([{ plan: 'gold' }, {}, ofJsonBytes(65_536)])('fit', (properties) => {
    expect(badUser({ properties })).toEqual([]);
  });
  test.each([
    null,
    'x',
    ofJsonBytes(65_537),
    circular,
    { n: 1n },
    { isActive: true },
    { id: 'x' },
    JSON.parse('{"__proto__":1}'),
  ])('do not fit', (properties) => {
    expect(badUser({ properties })).toEqual(['properties']);
  });
  test('a secret cannot hide among them', () => {
    expect(badCredential({ properties: { keySecret: 'x' } })).toEqual(['properties']);
  });
});

describe('credentials', () => {
  test.each(['!', '~', 'a:b/c?d', 'x'.repeat(256)])('%j is a keyId', (keyId) => {
    expect(badCredential({ keyId })).toEqual([]);
  });
  test.each(['', ' ', 'a b', 'a\t', 'ä', '\x7f', 'x'.repeat(257), 1])('%j is none', (keyId) => {
    expect(badCredential({ keyId })).toEqual(['keyId']);
  });
  test.each([[], ['a'], Array.from({ length: 200 }, (_, index) => `s${index}`)])(
    'scopes fit',
    (...scopes) => {
      expect(badCredential({ scopes })).toEqual([]);
    },
  );
  test.each([[['']], [['a b']], [['a', 1]], [Array.from({ length: 201 }, (_, index) => `s${index}`)], ['a']])(
    'scopes do not fit',
    (scopes) => {
      expect(badCredential({ scopes })).toEqual(['scopes']);
    },
  );
  test('creating scopes takes 1 to 50', () => {
    expect(fieldsOf(scopesProblems([]))).toEqual(['scopes']);
    expect(scopesProblems(Array.from({ length: 50 }, (_, index) => `s${index}`))).toEqual([]);
    expect(fieldsOf(scopesProblems(Array.from({ length: 51 }, (_, index) => `s${index}`)))).toEqual([
      'scopes',
    ]);
  });
  test.each([0, -1, 1.5, Number.NaN, '1', 2 ** 53])('%j is no time of expiry', (expiresAtSeconds) => {
    expect(badCredential({ expiresAtSeconds })).toEqual(['expiresAtSeconds']);
  });
  test('an issuer or API key may be missing, not empty', () => {
    expect(badCredential({ issuer: '', apiKey: '' })).toEqual(['issuer', 'apiKey']);
  });
});

describe('keys', () => {
  test.each([
    ['RS256', rsa(2048)],
    ['PS512', rsa(2048)],
    ['ES256', ec('P-256')],
    ['ES384', ec('P-384')],
    ['ES512', ec('P-521')],
  ])('%s with its key', (algorithm, publicKey) => {
    expect(badCredential({ algorithm, publicKey })).toEqual([]);
  });
  test.each([
    ['RS256 with 1024 bits', 'RS256', rsa(1024)],
    ['RS256 with a curve', 'RS256', ec('P-256')],
    ['ES256 on another curve', 'ES256', ec('P-384')],
    ['ES256 on a Koblitz curve', 'ES256', ec('secp256k1')],
    ['ES256 with RSA', 'ES256', rsa(2048)],
    ['HS256', 'HS256', rsa(2048)],
    ['none', 'none', rsa(2048)],
    ['RS2560', 'RS2560', rsa(2048)],
    ['a property of all objects', 'constructor', ec('P-256')],
    ['no algorithm', undefined, rsa(2048)],
    ['EdDSA', 'EdDSA', pem(generateKeyPairSync('ed25519').publicKey)],
    ['no PEM', 'RS256', 'x'],
  ])('%s is refused', (_, algorithm, publicKey) => {
    expect(badCredential({ algorithm, publicKey })).toEqual(['publicKey']);
  });
  test('a private key is refused as a public key and as a secret, and never quoted', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const key of [{ publicKey: text, algorithm: 'RS256' }, { keySecret: text }]) {
      const problems = credentialProblems({ consumerId: 'ann', ...key });
      expect(fieldsOf(problems)).toEqual([Object.keys(key)[0]]);
      expect(JSON.stringify(problems)).not.toContain(text.slice(40, 60));
    }
  });
  test('a public key is refused as a secret, on one line too', () => {
    expect(badCredential({ keySecret: rsa(2048).replaceAll('\n', '\\n') })).toEqual(['keySecret']);
    expect(badCredential({ keySecret: '' })).toEqual(['keySecret']);
    expect(badCredential({ keySecret: 'short' })).toEqual([]);
  });
  test.each([
    ['a key in base64', Buffer.from(rsa(2048)).toString('base64')],
    [
      'a JWK',
      JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })),
    ],
    ['an SSH key', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== ann@example'],
    ['an address', 'https://id.example.com/key'],
    ['spaces', '   '],
    ['zeros', '\0'.repeat(64)],
  ])('what no policy would take as a secret is not stored: %s', (_, keySecret) => {
    expect(badCredential({ keySecret })).toEqual(['keySecret']);
  });
  test('nor a public key with text before it, which is not read', () => {
    const publicKey = `Bag Attributes\n${rsa(2048)}`;
    expect(badCredential({ algorithm: 'RS256', publicKey })).toEqual(['publicKey']);
  });
  test('what is stored can verify', () => {
    const policy = { allowShortSecret: false };
    for (const [algorithm, publicKey] of [
      ['PS256', rsa(2048)],
      ['ES384', ec('P-384')],
    ] as const) {
      expect(badCredential({ algorithm, publicKey })).toEqual([]);
      expect(credentialKeyFor({ publicKey, algorithm }, algorithm, policy)?.type).toBe('public');
    }
    const keySecret = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQa';
    expect(badCredential({ keySecret })).toEqual([]);
    expect(credentialKeyFor({ keySecret }, 'HS256', policy)?.type).toBe('secret');
  });
  test('a secret and a public key exclude each other', () => {
    expect(badCredential({ keySecret: 'x', publicKey: ec('P-256'), algorithm: 'ES256' })).toEqual([
      'publicKey',
    ]);
    expect(badCredential({ algorithm: 'ES256' })).toEqual(['algorithm']);
  });
});
