/** Key sets with keys in them that must not verify: everybody can sign with them, or they are for something else. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { base64url } from '../support/tokens.ts';
import { ecPair, fileOf, OTHER_RSA, rsaPair } from './doors.ts';
import { forge, inputOf, secretOf } from './forge.ts';
import type { Citation } from './model.ts';
import { guardOf } from './ours.ts';

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });
const good = { ...jwkOf(OTHER_RSA.publicKey), kid: 'two', use: 'sig', alg: 'RS256' };
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const pair = rsaPair();
const attacker = rsaPair();
const own = jwkOf(pair.publicKey);
const ec = ecPair('P-256');
const secret = 'a secret that stands in a key set, of 48 bytes ..';

const signedBy = (key: KeyObject, more: object = {}) =>
  forge('RS256', { header: { kid: 'odd', ...more }, key });

/** With the exponent 1, what is signed is its own signature (RFC 8017 §9.2). */
function withExponentOne(): string {
  const input = inputOf('RS256', { header: { kid: 'odd' } });
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const hash = createHash('sha256').update(input).digest();
  const padding = Buffer.alloc(256 - 3 - prefix.length - hash.length, 0xff);
  const encoded = Buffer.concat([Buffer.of(0, 1), padding, Buffer.of(0), prefix, hash]);
  return `${input}.${base64url(encoded)}`;
}

interface SetAttack {
  readonly id: string;
  readonly cites: readonly [Citation, ...Citation[]];
  /** Beside an honest key of another name. */
  readonly jwk: unknown;
  readonly token: () => string;
  readonly expected: string;
}

const SIZE = ['RFC 8725 §3.2', 'RFC 7518 §3.3'] as const;
const USE = ['RFC 7517 §4.2', 'RFC 7517 §4.3', 'RFC 8725 §3.1'] as const;
const ONE_ALGORITHM = ['RFC 8725 §3.1', 'RFC 7517 §4.4'] as const;
const unknown = (
  id: string,
  cites: SetAttack['cites'],
  jwk: unknown,
  token = () => signedBy(pair.privateKey),
): SetAttack => ({ ...{ id, cites, jwk, token }, expected: 'key_unknown' });

const ATTACKS: readonly SetAttack[] = [
  unknown('an RSA key of 1,024 bits', [...SIZE], { ...jwkOf(weak.publicKey), kid: 'odd' }, () =>
    signedBy(weak.privateKey),
  ),
  unknown(
    'an RSA key with the exponent 1',
    ['RFC 8725 §3.4', ...SIZE],
    { ...own, e: 'AQ', kid: 'odd' },
    withExponentOne,
  ),
  unknown('an RSA key with a long exponent', ['RFC 8725 §3.4'], { ...own, e: own.n, kid: 'odd' }),
  unknown('a private key, which is everybody’s', ['RFC 7518 §6.3.2', 'RFC 8725 §3.5'], {
    ...jwkOf(pair.privateKey),
    kid: 'odd',
  }),
  unknown('a key for encryption', [...USE], { ...own, kid: 'odd', use: 'enc' }),
  unknown('a key whose use is spelled otherwise', [...USE], { ...own, kid: 'odd', use: 'SIG' }),
  unknown('a key that signs and does not verify', [...USE], { ...own, kid: 'odd', key_ops: ['sign'] }),
  unknown('a key of which use and operations disagree', [...USE], {
    ...own,
    ...{ kid: 'odd', use: 'enc', key_ops: ['verify'] },
  }),
  unknown('a key for another algorithm', [...ONE_ALGORITHM], { ...own, kid: 'odd', alg: 'PS256' }),
  unknown('a key for an algorithm that is none', [...ONE_ALGORITHM], { ...own, kid: 'odd', alg: 'none' }),
  unknown('a key for several algorithms', [...ONE_ALGORITHM], { ...own, kid: 'odd', alg: ['RS256'] }),
  unknown('a key whose type is spelled otherwise', ['RFC 7517 §4.1'], { ...own, kid: 'odd', kty: 'rsa' }),
  unknown('a key whose name is a number', ['RFC 7517 §4.5'], { ...own, kid: 7 }, () =>
    signedBy(pair.privateKey, { kid: 7 }),
  ),
  unknown('a key whose name is a list', ['RFC 7517 §4.5'], { ...own, kid: ['odd'] }),
  unknown('a key without its modulus', ['RFC 7518 §6.3.1'], { kty: 'RSA', e: 'AQAB', kid: 'odd' }),
  unknown('a certificate in the place of a key', ['RFC 7517 §4.7', 'RFC 8725 §3.10'], {
    ...{ kty: 'RSA', kid: 'odd', x5c: ['MIIB'] },
  }),
  unknown('an address in the place of a key', ['RFC 7517 §4.6', 'RFC 8725 §3.10'], {
    ...{ kty: 'RSA', kid: 'odd', x5u: 'https://evil.example/' },
  }),
  unknown('text in the place of a key', ['RFC 7517 §5'], 'odd'),
  unknown('an EC key where RS256 is allowed', [...ONE_ALGORITHM], { ...jwkOf(ec.publicKey), kid: 'odd' }),
  {
    ...{ id: 'a secret, and a MAC with it', cites: ['RFC 8725 §2.1', 'RFC 8725 §3.1', 'RFC 7518 §6.4'] },
    jwk: { kty: 'oct', k: base64url(secret), kid: 'odd', alg: 'HS256' },
    token: () =>
      forge('RS256', { header: { alg: 'HS256', kid: 'odd' }, algorithm: 'HS256', key: secretOf(secret) }),
    expected: 'algorithm_not_allowed',
  },
  {
    ...{ id: 'an EC key, and a signature with it', cites: ['RFC 8725 §3.1', 'CVE-2022-23539'] },
    jwk: { ...jwkOf(ec.publicKey), kid: 'odd' },
    token: () => forge('ES256', { header: { kid: 'odd' }, key: ec.privateKey }),
    expected: 'algorithm_not_allowed',
  },
  {
    ...{ id: 'a key of the same name as a stranger’s', cites: ['RFC 7517 §4.5', 'RFC 8725 §3.10'] },
    jwk: { ...own, kid: 'odd' },
    token: () => signedBy(attacker.privateKey),
    expected: 'signature_invalid',
  },
];

const guardWith = (keySet: unknown) => guardOf(fileOf('key set'), { keySetAt: () => keySet });
const honest = () => forge('RS256', { header: { kid: 'two' }, key: OTHER_RSA.privateKey });

describe('key sets', () => {
  test.each(ATTACKS.map((attack) => [`${attack.id} (${attack.cites.join(', ')})`, attack] as const))(
    '%s',
    async (_, { jwk, token, expected }) => {
      for (const keys of [
        [jwk, good],
        [good, jwk],
      ]) {
        const guard = guardWith({ keys });
        for (let time = 1; time <= 3; time++) {
          expect(await guard.judge(token())).toBe(expected);
          // What is left out spoils none of the others.
          expect(await guard.judge(honest())).toBe('allowed');
        }
      }
    },
  );

  test('the same key verifies when nothing is wrong with it', async () => {
    for (const more of [
      {},
      { use: 'sig' },
      { key_ops: ['verify'] },
      { alg: 'RS256' },
      { x5u: 'https://evil.example/' },
    ]) {
      const guard = guardWith({ keys: [good, { ...own, ...more, kid: 'odd' }] });
      expect(await guard.judge(signedBy(pair.privateKey))).toBe('allowed');
    }
  });

  test('with the exponent 1 node:crypto does verify what nobody signed', () => {
    const [header = '', payload = '', signature = ''] = withExponentOne().split('.');
    const key = createPublicKey({ key: { ...own, e: 'AQ' }, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, bytes)).toBe(true);
  });

  test.each([
    ['no keys', {}],
    ['keys that are no list', { keys: { 0: good, length: 1 } }],
    ['a list', [good]],
    ['text', JSON.stringify({ keys: [good] })],
    ['null', null],
    ['101 keys', { keys: Array.from({ length: 101 }, () => good) }],
  ])('%s: an outage and no denial (RFC 7517 §5)', async (_, keySet) => {
    expect(await guardWith(keySet).judge(honest())).toBe('unavailable');
  });
});
