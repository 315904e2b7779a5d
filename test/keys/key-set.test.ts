import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALGORITHMS } from '../../lambda/config/types.ts';
import { choose, parseKeySet } from '../../lambda/keys/key-set.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { soonMs } from '../support/soon.ts';
import { signer } from './support.ts';

const RSA = signer('RSA');
const OTHER_RSA = signer('RSA');
const P256 = signer('P-256');
const P384 = signer('P-384');
const P521 = signer('P-521');
const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

const parsed = (...keys: unknown[]) => parseKeySet({ keys }, ALGORITHMS);
/** What a set of this key alone may verify. */
const algorithmsOf = (jwk: unknown) => parsed(jwk).flatMap(({ algorithms }) => algorithms);

describe('a key of a set does the algorithms of its type', () => {
  test.each([
    ['RSA', RSA, RSA_ALGORITHMS],
    ['P-256', P256, ['ES256']],
    ['P-384', P384, ['ES384']],
    ['P-521', P521, ['ES512']],
  ])('%s', (_, { jwk }, algorithms) => {
    expect(algorithmsOf(jwk)).toEqual(algorithms);
    expect(parsed(jwk)[0]?.key.type).toBe('public');
  });
  test('and of those the allowed ones alone', () => {
    const keys = [RSA.jwk, P256.jwk, P384.jwk];
    expect(parseKeySet({ keys }, ['PS256', 'ES256', 'HS256']).map(({ algorithms }) => algorithms)).toEqual([
      ['PS256'],
      ['ES256'],
    ]);
  });
  test('an RSA key without alg is never one for HS256', () => {
    expect(parseKeySet({ keys: [RSA.jwk] }, ['HS256', 'HS384', 'HS512'])).toEqual([]);
    expect(algorithmsOf({ ...RSA.jwk, alg: 'HS256' })).toEqual([]);
  });
});

describe('what a key says that it is for', () => {
  test.each<[object, boolean]>([
    [{}, true],
    [{ use: 'sig' }, true],
    [{ use: 'enc' }, false],
    [{ use: 'SIG' }, false],
    [{ use: 'tls' }, false],
    [{ use: '' }, false],
    [{ use: null }, false],
    [{ use: ['sig'] }, false],
    [{ key_ops: ['verify'] }, true],
    [{ key_ops: ['sign', 'verify'] }, true],
    [{ key_ops: ['encrypt', 'wrapKey'] }, false],
    [{ key_ops: ['sign'] }, false],
    [{ key_ops: [] }, false],
    [{ key_ops: 'verify' }, false],
    [{ key_ops: null }, false],
    [{ use: 'sig', key_ops: ['verify'] }, true],
    // Where both are there, both must agree.
    [{ use: 'enc', key_ops: ['verify'] }, false],
    [{ use: 'sig', key_ops: ['encrypt'] }, false],
  ])('%j: %s', (members, verifies) => {
    expect(parsed({ ...RSA.jwk, ...members })).toHaveLength(verifies ? 1 : 0);
    expect(parsed({ ...P256.jwk, ...members })).toHaveLength(verifies ? 1 : 0);
  });
  test.each<[unknown, readonly string[]]>([
    ['RS256', ['RS256']],
    ['PS512', ['PS512']],
    ['RSA-OAEP', []],
    ['RSA-OAEP-256', []],
    ['ES256', []],
    ['rs256', []],
    ['none', []],
    ['', []],
    [null, []],
    [['RS256'], []],
  ])('alg %j of an RSA key: %j', (alg, algorithms) => {
    expect(algorithmsOf({ ...RSA.jwk, alg })).toEqual(algorithms);
  });
  test('alg of another curve', () => {
    expect(algorithmsOf({ ...P256.jwk, alg: 'ES256' })).toEqual(['ES256']);
    expect(algorithmsOf({ ...P256.jwk, alg: 'ES384' })).toEqual([]);
    expect(algorithmsOf({ ...P256.jwk, alg: 'ECDH-ES' })).toEqual([]);
  });
});

describe('left out, and no fault of the others, is', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 2047 }).publicKey.export({ format: 'jwk' });
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({
    format: 'jwk',
  });
  const privateRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const privateEc = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  test.each<[string, unknown]>([
    ['a secret', { kty: 'oct', k: Buffer.alloc(64, 7).toString('base64url'), alg: 'HS256' }],
    ['a secret with members of an RSA key', { ...RSA.jwk, kty: 'oct', k: 'AAAA' }],
    ['a private RSA key', privateRsa],
    ['a private EC key', privateEc],
    ['a key whose private part is nothing', { ...RSA.jwk, d: null }],
    ['a key published with its primes', { ...RSA.jwk, p: privateRsa.p, q: privateRsa.q }],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'].map((name): [string, unknown] => [
      `a key published with its ${name}`,
      { ...RSA.jwk, [name]: 'AQ' },
    ]),
    ['an RSA key with an exponent of five bytes', { ...RSA.jwk, e: 'AQAAAAE' }],
    ['an RSA key of 2,047 bits', weak],
    ['an RSA key with the exponent 1', { ...RSA.jwk, e: 'AQ' }],
    ['an RSA key with the exponent 0', { ...RSA.jwk, e: 'AA' }],
    ['an RSA key without a modulus', { kty: 'RSA', e: 'AQAB' }],
    ['an RSA key with a number for a modulus', { ...RSA.jwk, n: 7 }],
    ['an RSA key with a modulus that is no base64url', { ...RSA.jwk, n: '!!!' }],
    ['an RSA key with an empty modulus', { ...RSA.jwk, n: '' }],
    ['Ed25519', ed25519],
    ['secp256k1', secp256k1],
    ['an unknown curve', { ...P256.jwk, crv: 'P-257' }],
    ['a point off its curve', { ...P256.jwk, y: P256.jwk['x'] }],
    ['a point of another curve', { ...P256.jwk, crv: 'P-384' }],
    ['half a point', { ...P256.jwk, y: undefined }],
    ['another type', { ...RSA.jwk, kty: 'rsa' }],
    ['another type with a point', { ...P256.jwk, kty: 'OKP' }],
    ['no type', { ...RSA.jwk, kty: undefined }],
    ['a kid that is a number', { ...RSA.jwk, kid: 7 }],
    ['a kid that is null', { ...RSA.jwk, kid: null }],
    ['a kid that is a list', { ...RSA.jwk, kid: ['a'] }],
    ['text', 'key'],
    ['null', null],
    ['a number', 7],
    ['a list', [RSA.jwk]],
    ['nothing', {}],
    ['a key that is only named', { kid: 'a', x5c: ['MIIB'] }],
  ])('%s', (_, jwk) => {
    expect(parsed(jwk)).toEqual([]);
    expect(parsed(jwk, { ...P384.jwk, kid: 'good' }, jwk).map(({ kid }) => kid)).toEqual(['good']);
  });
  test('no RSA key whose exponent has up to four bytes', () => {
    expect(algorithmsOf({ ...RSA.jwk, e: 'AQAAAQ' })).toEqual(RSA_ALGORITHMS);
  });
  test('nothing of a modulus that is larger than any: it verifies nothing, and takes no time', () => {
    const huge = { kty: 'RSA', n: Buffer.alloc(150_000, 0xff).toString('base64url'), e: 'AQAB' };
    const began = performance.now();
    expect(() => parsed(huge)).not.toThrow();
    expect(performance.now() - began).toBeLessThan(soonMs(1_000));
  });
});

describe('a set', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['text', 'keys'],
    ['a list', [RSA.jwk]],
    ['a single key', RSA.jwk],
    ['a mapping without keys', {}],
    ['keys that are a mapping', { keys: { a: RSA.jwk } }],
    ['keys that are text', { keys: 'x' }],
    ['keys that are null', { keys: null }],
    ['certificates by name', { 'key-1': '-----BEGIN CERTIFICATE-----' }],
    ['an error', { error: 'server_error' }],
  ])('is not %s', (_, value) => {
    expect(() => parseKeySet(value, ALGORITHMS)).toThrow(KeyUnavailable);
  });
  test('may have 100 keys, and no more', () => {
    const keys = Array.from({ length: 100 }, (_, i) => ({ ...P256.jwk, kid: `${i}` }));
    expect(parsed(...keys)).toHaveLength(100);
    expect(() => parsed(...keys, P384.jwk)).toThrow(KeyUnavailable);
    // Whatever they are.
    expect(() => parsed(...Array.from({ length: 101 }, () => ({})))).toThrow(KeyUnavailable);
  });
  test('without keys is one: all are withdrawn', () => {
    expect(parsed()).toEqual([]);
  });
  test('may have other members', () => {
    expect(parseKeySet({ keys: [RSA.jwk], issuer: 'x' }, ALGORITHMS)).toHaveLength(1);
    expect(parsed({ ...RSA.jwk, x5t: 'x', x5c: ['MIIB'], exp: 1, ext: true })).toHaveLength(1);
  });
  test('of anything gives keys that verify, or is none', () => {
    const jwk = fc.record(
      {
        kty: fc.constantFrom<unknown>('RSA', 'EC', 'oct', 'OKP', 7),
        n: fc.oneof(fc.constant(RSA.jwk['n']), fc.anything()),
        e: fc.oneof(fc.constant('AQAB'), fc.anything()),
        crv: fc.oneof(fc.constantFrom('P-256', 'P-384'), fc.anything()),
        x: fc.oneof(fc.constant(P256.jwk['x']), fc.anything()),
        y: fc.oneof(fc.constant(P256.jwk['y']), fc.anything()),
        kid: fc.oneof(fc.string(), fc.anything()),
        use: fc.constantFrom<unknown>('sig', 'enc', null),
        alg: fc.oneof(fc.constantFrom(...ALGORITHMS), fc.anything()),
        key_ops: fc.oneof(fc.constant(['verify']), fc.anything()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(jwk, fc.anything()), { maxLength: 5 }), (keys) => {
        for (const { key, algorithms } of parsed(...keys)) {
          expect(key.type).toBe('public');
          expect(algorithms.length).toBeGreaterThan(0);
          for (const algorithm of algorithms)
            expect(algorithm.startsWith('ES') ? 'ec' : 'rsa').toBe(key.asymmetricKeyType);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the key of a token', () => {
  const keys = parsed(
    { ...RSA.jwk, kid: 'a' },
    { ...OTHER_RSA.jwk, kid: 'b', alg: 'RS256' },
    { ...P256.jwk, kid: 'a' },
    { ...P384.jwk },
  );
  const chosen = (algorithm: (typeof ALGORITHMS)[number], kid: unknown, among = keys) =>
    choose(among, { algorithm, kid }).map(({ key }) => key.export({ format: 'jwk' })['x'] ?? 'RSA');

  test('has its kid and does its algorithm, also where two types share a kid', () => {
    expect(chosen('RS256', 'a')).toEqual(['RSA']);
    expect(chosen('ES256', 'a')).toEqual([P256.jwk['x']]);
    expect(chosen('PS256', 'b')).toEqual([]);
    expect(chosen('ES256', 'b')).toEqual([]);
  });
  test.each(['', 'A', 'a ', 'c', '__proto__', 'constructor', 7, null, ['a'], { a: 'a' }, true])(
    'is none for the kid %j',
    (kid) => {
      expect(chosen('RS256', kid)).toEqual([]);
    },
  );
  test('without a kid is the only one for its algorithm', () => {
    expect(chosen('PS256', undefined)).toEqual(['RSA']);
    expect(chosen('ES256', undefined)).toEqual([P256.jwk['x']]);
    expect(chosen('ES384', undefined)).toEqual([P384.jwk['x']]);
    expect(chosen('RS256', undefined)).toEqual([]);
    expect(chosen('ES512', undefined)).toEqual([]);
  });
  test('with a kid is none that has no name', () => {
    expect(chosen('ES384', 'a')).toEqual([]);
  });
  test('may be either of two with the same name and type', () => {
    const twins = parsed({ ...RSA.jwk, kid: 'a' }, { ...OTHER_RSA.jwk, kid: 'a' });
    expect(chosen('RS256', 'a', twins)).toHaveLength(2);
    expect(chosen('RS256', undefined, twins)).toEqual([]);
  });
  test('may have an empty name', () => {
    expect(chosen('RS256', '', parsed({ ...RSA.jwk, kid: '' }))).toEqual(['RSA']);
  });
});
