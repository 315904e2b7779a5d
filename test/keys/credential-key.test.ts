import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ALGORITHMS, type Algorithm } from '../../lambda/config/types.ts';
import { credentialKeyFor, type StoredCredentialKey } from '../../lambda/keys/credential-key.ts';
import { certificatePem, derOf, EC, RSA, spkiPem } from '../config/keys.ts';

const algorithmsOf = (stored: StoredCredentialKey, allowShortSecret = false): Algorithm[] =>
  ALGORITHMS.filter((algorithm) => credentialKeyFor(stored, algorithm, { allowShortSecret }) !== undefined);

const secretOf = (length: number) => 'k3y-'.repeat(32).slice(0, length);

describe('a keySecret', () => {
  test.each<[number, Algorithm[]]>([
    [31, []],
    [32, ['HS256']],
    [47, ['HS256']],
    [48, ['HS256', 'HS384']],
    [63, ['HS256', 'HS384']],
    [64, ['HS256', 'HS384', 'HS512']],
  ])('of %i bytes does those whose hash it is long enough for', (length, expected) => {
    expect(algorithmsOf({ keySecret: secretOf(length) })).toEqual(expected);
  });

  test('of fewer bytes does all HS* where short ones are allowed, and never being empty', () => {
    expect(algorithmsOf({ keySecret: 'x' }, true)).toEqual(['HS256', 'HS384', 'HS512']);
    expect(algorithmsOf({ keySecret: '' }, true)).toEqual([]);
    expect(algorithmsOf({ keySecret: '\0'.repeat(64) }, true)).toEqual([]);
  });

  test('is its text, in UTF-8', () => {
    const text = `é${secretOf(40)}`;
    const key = credentialKeyFor({ keySecret: text }, 'HS256', { allowShortSecret: false });
    expect(key?.export()).toEqual(Buffer.from(text, 'utf8'));
  });

  describe.each([
    ['RSA', RSA.publicKey],
    ['EC', EC.publicKey],
  ])('that is an %s public key does nothing', (_, publicKey) => {
    const pem = spkiPem(publicKey);
    const oneLine = pem.replaceAll('\n', '');
    const base64 = (value: string | Buffer) => Buffer.from(value).toString('base64');
    const disguises: [string, string][] = [
      ['PEM', pem],
      ['PEM without its last line break', pem.trim()],
      ['PEM on one line', oneLine],
      ['PEM with \\n', pem.replaceAll('\n', '\\n')],
      ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
      ['PEM, indented', pem.replaceAll(/^/gm, '    ')],
      ['PEM, quoted', JSON.stringify(pem)],
      ['PEM after a word', `key: ${pem}`],
      ['PEM in base64', base64(pem)],
      ['PEM in base64 twice', base64(base64(pem))],
      ['DER in base64', base64(derOf(pem))],
      ['DER in base64url', derOf(pem).toString('base64url')],
      ['DER in hex', derOf(pem).toString('hex')],
      ['JWK', JSON.stringify(publicKey.export({ format: 'jwk' }))],
      ['JWK set', JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] })],
    ];
    test.each(disguises)('%s', (_name, keySecret) => {
      expect(algorithmsOf({ keySecret }, true)).toEqual([]);
    });
  });

  test.each(['https://id.example.com/key', 'arn:aws:kms:eu-west-1:1:key/x', './keys/public.pem'])(
    'that is the address of a key does nothing: %s',
    (keySecret) => {
      expect(algorithmsOf({ keySecret }, true)).toEqual([]);
    },
  );
});

describe('a publicKey', () => {
  const curve = (namedCurve: string) => spkiPem(generateKeyPairSync('ec', { namedCurve }).publicKey);
  const rsa = spkiPem(RSA.publicKey);
  const KEYS: Readonly<Record<string, string>> = {
    RS: rsa,
    PS: rsa,
    ES256: curve('P-256'),
    ES384: curve('P-384'),
    ES512: curve('P-521'),
  };
  const publicKeyFor = (algorithm: Algorithm): string => KEYS[algorithm] ?? KEYS[algorithm.slice(0, 2)] ?? '';

  test.each(ALGORITHMS.filter((algorithm) => !algorithm.startsWith('HS')))(
    'that was stored for %s does it, and no other',
    (algorithm) => {
      expect(algorithmsOf({ publicKey: publicKeyFor(algorithm), algorithm }, true)).toEqual([algorithm]);
    },
  );

  test.each([
    ['RS256', 'ES256'],
    ['ES256', 'RS256'],
    ['ES256', 'ES384'],
    ['RS256', 'HS256'],
    ['RS256', ''],
    ['RS256', 'rs256'],
  ] as const)('that does %s does nothing as one for %s', (does, algorithm) => {
    expect(algorithmsOf({ publicKey: publicKeyFor(does), algorithm }, true)).toEqual([]);
  });

  test('may be a certificate', () => {
    expect(algorithmsOf({ publicKey: certificatePem('rsa'), algorithm: 'RS256' })).toEqual(['RS256']);
    expect(algorithmsOf({ publicKey: certificatePem('ec'), algorithm: 'ES256' })).toEqual(['ES256']);
  });

  test('is never a secret', () => {
    for (const algorithm of ['HS256', 'RS256'])
      expect(algorithmsOf({ publicKey: secretOf(64), algorithm }, true)).toEqual([]);
  });

  test('is neither private nor weak', () => {
    const pkcs8 = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const weak = spkiPem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
    for (const publicKey of [pkcs8, weak])
      expect(algorithmsOf({ publicKey, algorithm: 'RS256' }, true)).toEqual([]);
  });
});

test('20,000 keys are remembered, and of more the first is forgotten', () => {
  const keyOf = (index: number) => {
    const stored = { keySecret: `${index}-${'k3y-'.repeat(16)}` };
    return credentialKeyFor(stored, 'HS256', { allowShortSecret: false });
  };
  const first = keyOf(0);
  expect(first).toBeDefined();
  for (let index = 1; index < 20_000; index += 1) keyOf(index);
  expect(keyOf(0)).toBe(first);
  const last = keyOf(20_000);
  expect(keyOf(20_000)).toBe(last);
  expect(keyOf(1)).toBe(keyOf(1));
  expect(keyOf(0)).not.toBe(first);
});

test('a key is imported once, however often it is read; as a secret it is another', () => {
  const stored = { publicKey: spkiPem(RSA.publicKey), algorithm: 'RS256' };
  const keyOf = (one: StoredCredentialKey): KeyObject | undefined =>
    credentialKeyFor(one, 'RS256', { allowShortSecret: false });
  expect(keyOf(stored)).toBe(keyOf(stored));
  expect(keyOf(stored)).toBeDefined();
  expect(keyOf({ ...stored })).toBe(keyOf(stored));
  expect(keyOf({ ...stored, algorithm: 'PS256' })).toBeUndefined();
  expect(algorithmsOf({ keySecret: stored.publicKey }, true)).toEqual([]);
  const text = secretOf(64);
  expect(algorithmsOf({ keySecret: text })).not.toEqual([]);
  expect(algorithmsOf({ publicKey: text, algorithm: 'HS256' })).toEqual([]);
});
