import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import { algorithmsOfKey, assertStrong, isLongEnough } from '../../lambda/config/key-material.ts';
import { ALGORITHMS } from '../../lambda/config/types.ts';
import { decoyKey, rsaDecoyOf } from '../../lambda/keys/decoys.ts';
import { EC, RSA } from '../config/keys.ts';
import { OTHER_SECRET, tokenOf } from '../support/tokens.ts';

describe.each(ALGORITHMS)('the key that nobody has for %s', (algorithm) => {
  test('does the algorithm, is as strong as a real one, and is the same every time', () => {
    const key = decoyKey(algorithm);
    expect(algorithmsOfKey(key)).toContain(algorithm);
    expect(key.type).toBe(algorithm.startsWith('HS') ? 'secret' : 'public');
    expect(key.type === 'secret' ? isLongEnough(key, algorithm) : assertStrong(key).ok).toBe(true);
    expect(decoyKey(algorithm)).toBe(key);
  });

  test('is one that the signature is checked with, and fails', () => {
    if (algorithm === 'ES384' || algorithm === 'ES512') return;
    const kind = algorithm.slice(0, 2);
    const signer = kind === 'HS' ? OTHER_SECRET : kind === 'ES' ? EC.privateKey : RSA.privateKey;
    const forged = tokenOf({ exp: 4_000_000_000 }, { algorithm, key: signer });
    // Any other message would say that it did not get as far as the signature.
    expect(() => jwt.verify(forged, decoyKey(algorithm), { algorithms: [algorithm] })).toThrow(
      'invalid signature',
    );
  });
});

test.each([
  [255, undefined],
  [256, 2_048],
  [257, undefined],
  [384, 3_072],
  [512, 4_096],
  [1_024, undefined],
])('for an RSA signature of %i bytes has %s bits, and is the same every time', (bytes, bits) => {
  const key = rsaDecoyOf(bytes);
  expect(key?.asymmetricKeyDetails?.modulusLength).toBe(bits);
  expect(rsaDecoyOf(bytes)).toBe(key);
});

test('an RSA modulus is as long as it says, and odd', () => {
  const { n = '' } = rsaDecoyOf(256)?.export({ format: 'jwk' }) ?? {};
  const modulus = Buffer.from(n, 'base64url');
  expect([modulus.length, (modulus.at(-1) ?? 0) % 2]).toEqual([256, 1]);
});

test('another process has others', async () => {
  const script = `
    import { decoyKey } from '${new URL('../../lambda/keys/decoys.ts', import.meta.url).href}';
    const out = (key) => key.export({ format: 'jwk' });
    console.log(JSON.stringify(['HS256', 'RS256', 'ES256', 'ES384', 'ES512'].map((a) => out(decoyKey(a)))));`;
  const inProcess = async (): Promise<unknown[]> => {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  };
  const [one, other] = await Promise.all([inProcess(), inProcess()]);
  expect(one).toHaveLength(5);
  for (const [index, key] of one.entries()) expect(key).not.toEqual(other[index]);
});
