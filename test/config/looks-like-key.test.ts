import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importKey } from '../../lambda/config/key-material.ts';
import { looksLikeKey } from '../../lambda/config/looks-like-key.ts';
import { soonMs } from '../support/soon.ts';
import { base64, DISGUISES } from './disguises.ts';
import { certificatePem, derOf, EC, RSA, spkiPem } from './keys.ts';

const pkcs1 = RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const PUBLIC_PEMS = {
  'RSA key': spkiPem(RSA.publicKey),
  'EC key': spkiPem(EC.publicKey),
  'PKCS#1 key': pkcs1,
  'RSA certificate': certificatePem('rsa'),
  'EC certificate': certificatePem('ec'),
};

const jwk = RSA.publicKey.export({ format: 'jwk' });
const ecJwk = EC.publicKey.export({ format: 'jwk' });
const javascript = (value: object) => JSON.stringify(value).replaceAll('"', "'");
const JWKS = {
  'an RSA JWK': JSON.stringify(jwk),
  'an EC JWK': JSON.stringify(ecJwk),
  'an indented JWK': JSON.stringify(jwk, null, 2),
  'a JWK Set': JSON.stringify({ keys: [jwk] }),
  'a list of JWKs': JSON.stringify([jwk, ecJwk]),
  'a JWK in base64': base64(JSON.stringify(jwk)),
  'a JWK in base64url': Buffer.from(JSON.stringify(jwk)).toString('base64url'),
  'a JWK in JSON': JSON.stringify(JSON.stringify(jwk)),
  'a JWK in an object': JSON.stringify({ key: jwk }),
  'a JWK with BOM': `\ufeff${JSON.stringify(jwk)}`,
  'a JWK with a comma too many': JSON.stringify(jwk).replace('}', ',}'),
  'a JWK in single quotes': javascript(ecJwk),
  'a JWK in YAML': Object.entries(jwk)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n'),
  'a JWK with escaped quotes': JSON.stringify(jwk).replaceAll('"', '\\"'),
};

const sshBlob = Buffer.concat([Buffer.from('\0\0\0\x07ssh-rsa'), randomBytes(270)]);
const OPENSSH = {
  'ssh-rsa': `ssh-rsa ${base64(sshBlob)} ann@example`,
  'ssh-rsa without its prefix': base64(sshBlob),
  'ecdsa-sha2-nistp256': `ecdsa-sha2-nistp256 AAAA${base64(randomBytes(90))}`,
  'SSH2 armour': `---- BEGIN SSH2 PUBLIC KEY ----\n${base64(sshBlob)}\n---- END SSH2 PUBLIC KEY ----`,
};

const { privateKey } = RSA;
const passphrase = { cipher: 'aes-256-cbc', passphrase: 'x' };
const PRIVATE = {
  'PKCS#8 DER': privateKey.export({ type: 'pkcs8', format: 'der' }),
  'PKCS#1 DER': privateKey.export({ type: 'pkcs1', format: 'der' }),
  'SEC1 DER': EC.privateKey.export({ type: 'sec1', format: 'der' }),
  'encrypted PKCS#8 DER': privateKey.export({ type: 'pkcs8', format: 'der', ...passphrase }),
  'PKCS#8 PEM in base64': base64(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  'PKCS#1 DER in hex': privateKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'),
  'a private JWK': JSON.stringify(privateKey.export({ format: 'jwk' })),
  // SEQUENCE { INTEGER 3, SEQUENCE { OID pkcs7-data, … } }: how every PKCS#12 file begins.
  'PKCS#12': Buffer.concat([
    Buffer.from('308209ac02010330820972 06092a864886f70d010701'.replace(' ', ''), 'hex'),
    randomBytes(99),
  ]),
};

/** Which names of members make it a key. */
const OBJECTS: [string, boolean][] = [
  ['{"kty":7}', true],
  ['{"keys":[]}', true],
  ['\ufeff{"keys":[]}', true],
  ['\u00a0{"keys":[]}', true],
  ['{"KEYS":[]}', false],
  ['{"key":"x"}', false],
  ['null', false],
  ['7', false],
  ['"kty"', false],
];

const importsAsSecret = (material: string | Uint8Array) => {
  const imported = importKey(Buffer.from(material));
  return imported.ok && imported.key.type === 'secret';
};

describe.each(Object.entries(PUBLIC_PEMS))('an %s is not taken for a secret', (_, pem) => {
  test.each(Object.entries(DISGUISES))('%s', (_how, disguise) => {
    expect(importsAsSecret(disguise(pem))).toBe(false);
  });
});

describe('nor is', () => {
  test.each(Object.entries({ ...JWKS, ...OPENSSH, ...PRIVATE }))('%s', (_, material) => {
    expect(importKey(Buffer.from(material))).toMatchObject({ ok: false, code: 'secret_looks_like_key' });
  });
});

test.each(OBJECTS)('JSON of %s is taken for a key: %s', (text, isKey) => {
  expect(looksLikeKey(Buffer.from(text))).toBe(isKey);
});

test.each([
  ['--BEGIN PGP MESSAGE', true],
  ['--  BEGIN PGP MESSAGE', true],
  ['- BEGIN PGP MESSAGE', false],
  ['BEGIN PUBLIC KEY', true],
  ['BEGIN TRUSTED CERTIFICATE', true],
  ['BEGIN: PUBLIC KEY', false],
  ['-----END', true],
  ['-----  END', true],
  ['----END', false],
  ['Modulus=C0FFEE', true],
  ['the modulus\nModulus=C0FFEE', true],
  ['theModulus=C0FFEE', false],
  ['kty : RSA', true],
  ['kty : HMAC', false],
])('%j looks like a key: %s', (text, isKey) => {
  expect(looksLikeKey(Buffer.from(text))).toBe(isKey);
});

describe('DER whose length is written as BER allows (X.690 §8.1.3) is found, as OpenSSL reads it', () => {
  const contentOf = (der: Uint8Array) => der.subarray((der[1] ?? 0) < 0x80 ? 2 : 2 + (der[1] ?? 0) - 0x80);
  const withLength = (octets: number, content: Uint8Array) => {
    const length = Buffer.alloc(octets);
    length.writeUInt16BE(content.length, octets - 2);
    return Buffer.concat([Buffer.from([0x30, 0x80 + octets]), length, content]);
  };
  const untilItsEnd = (content: Uint8Array) =>
    Buffer.concat([Buffer.from([0x30, 0x80]), content, Buffer.alloc(2)]);
  describe.each(Object.entries(PUBLIC_PEMS))('an %s', (_, pem) => {
    const content = contentOf(derOf(pem));
    test.each([2, 3, 4, 5])('in %i octets', (octets) => {
      expect(looksLikeKey(withLength(octets, content))).toBe(true);
    });
    test('until its end is told', () => {
      expect(looksLikeKey(untilItsEnd(content))).toBe(true);
    });
  });
});

test.each([
  [255, false],
  [256, true],
])('%i beginnings of DER in one secret are too many: %s', (count, isKey) => {
  expect(looksLikeKey(Buffer.from('300430020000'.repeat(count), 'hex'))).toBe(isKey);
});

test.each([
  [100, false],
  [1_100, true],
])('%i runs of base64 in one secret are too many: %s', (count, isKey) => {
  expect(looksLikeKey(Buffer.from('zzzzzzzzzzzzzzzzzzzzzzzz.'.repeat(count)))).toBe(isKey);
});

test('a byte order mark of UTF-16 is one at the beginning alone', () => {
  const mark = Buffer.from([0xff, 0xfe]);
  expect(looksLikeKey(Buffer.concat([mark, Buffer.from('{"keys":[]}')]))).toBe(true);
  expect(looksLikeKey(Buffer.concat([Buffer.from('{"ke'), mark, Buffer.from('ys":[]}')]))).toBe(false);
});

test.each([
  [3, true],
  [4, false],
])('a JWK that is %d times in base64 is found: %s', (times, isFound) => {
  let text = JSON.stringify(ecJwk);
  for (let i = 0; i < times; i += 1) text = base64(text);
  expect(looksLikeKey(Buffer.from(text))).toBe(isFound);
});

/**
 * Random bytes begin as DER with a chance of 2^-8, and read as a key only if some 32 further bits agree; the
 * texts that are looked for are at least 36 bits long. All in all a random secret is refused with a chance
 * below 1e-8, so these runs do not fail by chance.
 */
describe('random secrets are taken', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 128 });
  const isTaken = (material: string | Uint8Array) => !looksLikeKey(Buffer.from(material));

  test('as bytes', () => {
    fc.assert(fc.property(bytes, isTaken), { numRuns: 3000 });
  });
  test('as bytes that begin as DER does', () => {
    const sequence = bytes.map((rest) => Buffer.concat([Buffer.from([0x30, rest.length]), rest]));
    fc.assert(fc.property(sequence, isTaken), { numRuns: 1000 });
  });
  test.each(['base64', 'base64url', 'hex'] as const)('as %s', (encoding) => {
    fc.assert(
      fc.property(bytes, (secret) => isTaken(Buffer.from(secret).toString(encoding))),
      { numRuns: 3000 },
    );
  });
  test('as words', () => {
    expect(isTaken('correct horse battery staple')).toBe(true);
  });
});

test.each(['-', '--', 'BEGIN ', '-----\n', 'kty ', '{', '0', '<'])(
  'a long secret of %j is judged soon',
  (text) => {
    const begunMs = performance.now();
    looksLikeKey(Buffer.from(text.repeat(60_000 / text.length)));
    expect(performance.now() - begunMs).toBeLessThan(soonMs(1000));
  },
);
