import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { type StoredSecret, storedKeys } from '../../lambda/keys/stored-keys.ts';
import { certificatePem, spkiPem } from '../config/keys.ts';
import { parsedFile, SECRET } from '../config/parsing.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
const OLD = 'Zq8Xw7Ce6Vr5Bt4Ny3Mu2Li1Ko0Jp9HgFfEeDdCcBbAa0918273645AaBbCcDdEe';
const SINCE_MS = 1_799_999_000_000;

const policyOf = (options: object = {}): JwtPolicy => {
  const [policy] = parsedFile({ jwt: { secretArn: ARN, algorithms: ['HS256'], ...options } }).policies;
  if (policy === undefined) throw new Error('no policy');
  return policy;
};
const bytes = (content: string | Uint8Array) => Buffer.from(content);
const keysOf = (stored: Partial<StoredSecret>, options: object = {}, previousKeySeconds = 60) =>
  storedKeys({ current: bytes(SECRET), ...stored }, policyOf(options), previousKeySeconds);
const isSecret = (key: KeyObject | undefined, text: string) =>
  key?.equals(createSecretKey(text, 'utf8')) === true;

describe('the current key', () => {
  test('does all that the policy allows, and has no end', () => {
    const [current, ...others] = keysOf({}, { algorithms: ['HS384', 'HS256'] });
    expect(isSecret(current?.key, SECRET)).toBe(true);
    expect(current?.algorithms).toEqual(['HS384', 'HS256']);
    expect(current).not.toHaveProperty('endsAtMs');
    expect(others).toEqual([]);
  });
});

describe('the key before it', () => {
  const previous = { previous: bytes(OLD), currentSinceMs: SINCE_MS };

  test('comes second, and ends so long after the current one was made', () => {
    const [current, before] = keysOf(previous, {}, 60);
    expect([isSecret(current?.key, SECRET), isSecret(before?.key, OLD)]).toEqual([true, true]);
    expect(before?.endsAtMs).toBe(SINCE_MS + 60_000);
  });
  test('is none where nobody knows since when there is another', () => {
    expect(keysOf({ previous: bytes(OLD) })).toHaveLength(1);
    expect(keysOf({ ...previous, currentSinceMs: undefined })).toHaveLength(1);
  });
  test.each<[string, string]>([
    ['is too short', 'short'],
    ['is empty', ''],
    ['is of another type', spkiPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['was never one', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders'],
  ])('that %s takes nothing from the current one', (_, text) => {
    expect(keysOf({ ...previous, previous: bytes(text) })).toHaveLength(1);
  });
  test('does not stand in for a current one that is none', () => {
    expect(() => keysOf({ ...previous, current: bytes('short') })).toThrow(KeyUnavailable);
  });
});

describe('what is stored must be what the configuration would have taken', () => {
  const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
  const strong = rsa(2048);
  const p256 = spkiPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);

  test.each<[string, object, string | Buffer]>([
    ['a secret of 32 bytes', { algorithms: ['HS256'] }, SECRET.slice(0, 32)],
    ['a short secret that may be one', { algorithms: ['HS512'], allowShortSecret: true }, 's'],
    ['bytes', { algorithms: ['HS512'] }, Buffer.alloc(64, 0xff)],
    ['an RSA key', { algorithms: ['RS256', 'PS512'] }, spkiPem(strong.publicKey)],
    ['a certificate', { algorithms: ['RS256'] }, certificatePem('rsa')],
    ['an EC key', { algorithms: ['ES256'] }, p256],
  ])('%s', (_, options, current) => {
    expect(keysOf({ current: bytes(current) }, options)).toHaveLength(1);
  });
  test.each<[string, object, string | Buffer]>([
    ['nothing', { allowShortSecret: true }, ''],
    ['a secret of 31 bytes', { algorithms: ['HS256'] }, SECRET.slice(0, 31)],
    ['a secret too short for one of two', { algorithms: ['HS256', 'HS512'] }, SECRET.slice(0, 63)],
    ['a secret for a public key', { algorithms: ['RS256'] }, SECRET],
    ['a public key for a secret', { algorithms: ['HS256'] }, spkiPem(strong.publicKey)],
    ['a key of another curve', { algorithms: ['ES384'] }, p256],
    ['a weak RSA key', { algorithms: ['RS256'] }, spkiPem(rsa(2047).publicKey)],
    ['a private key', { algorithms: ['RS256'] }, strong.privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['a key in disguise', { algorithms: ['HS256'] }, JSON.stringify(spkiPem(strong.publicKey))],
    ['a JSON secret without a field', { algorithms: ['HS256'] }, JSON.stringify({ kty: 'oct', k: SECRET })],
  ])('not %s, and it is not told', (_, options, current) => {
    let told = '';
    try {
      keysOf({ current: bytes(current) }, options);
    } catch (error) {
      expect(error).toBeInstanceOf(KeyUnavailable);
      told = String(error);
    }
    expect(told).toContain('jwt[0]');
    if (current.length > 0) expect(told).not.toContain(current.toString());
    expect(told).not.toContain(SECRET.slice(0, 16));
  });
  test.each<[string, object, string, string[]]>([
    [
      'a secret too short for two',
      { algorithms: ['HS256', 'HS384', 'HS512'] },
      SECRET.slice(0, 47),
      ['HS384, HS512', '47 bytes'],
    ],
    ['a public key', { algorithms: ['HS256'] }, spkiPem(strong.publicKey), ['HS256', 'rsa']],
    ['what is no key at all', { algorithms: ['RS256'] }, spkiPem(rsa(2047).publicKey), ['2047']],
  ])('what is wrong is told: %s', (_, options, current, words) => {
    const told = (): unknown => keysOf({ current: bytes(current) }, options);
    for (const word of words) expect(told).toThrow(word);
  });
});
