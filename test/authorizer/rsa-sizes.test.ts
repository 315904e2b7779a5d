/** How long a credential's RSA key is cannot be told, nor that there is none: a signature is checked with a key of its own size. */
import crypto, { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { spkiPem } from '../config/keys.ts';
import { base64url, tokenOf } from '../support/tokens.ts';
import { keyedCredential, openWorld } from './credential-world.ts';

const PAIRS = [2_048, 3_072, 4_096].map((bits) => generateKeyPairSync('rsa', { modulusLength: bits }));
afterEach(() => vi.restoreAllMocks());

/** Forged, with that signature. */
function forged(algorithm: string, signature: Buffer): string {
  const [header, payload] = tokenOf(
    { sub: 'key-1' },
    { key: PAIRS[0]?.privateKey as KeyObject, algorithm },
  ).split('.');
  return `${header}.${payload}.${base64url(signature)}`;
}

/** The keys that it is checked with; of a credential with that key, or where there is none. */
async function checkedFor(publicKey: KeyObject | undefined, algorithm: string, signature: Buffer) {
  const { code, put } = openWorld();
  if (publicKey !== undefined) put(keyedCredential('key-1', [{ publicKey: spkiPem(publicKey), algorithm }]));
  const keys: KeyObject[] = [];
  const { createVerify } = crypto;
  vi.spyOn(crypto, 'createVerify').mockImplementation((...args) => {
    const verifying = createVerify(...args);
    const { verify } = verifying;
    verifying.verify = (...given: unknown[]) => {
      const key = (given[0] as { key?: KeyObject }).key ?? (given[0] as KeyObject);
      keys.push(key);
      return Reflect.apply(verify, verifying, given);
    };
    return verifying;
  });
  const told = await code(forged(algorithm, signature));
  vi.restoreAllMocks();
  return { told, keys };
}

async function sizesFor(publicKey: KeyObject | undefined, algorithm: string, bytes: number) {
  const { told, keys } = await checkedFor(publicKey, algorithm, Buffer.alloc(bytes, 7));
  return { told, sizes: keys.map((key) => key.asymmetricKeyDetails?.modulusLength) };
}

test.each(['RS256', 'PS384'])('%s', async (algorithm) => {
  for (const bytes of [256, 384, 512]) {
    const sizes = [bytes * 8, bytes * 8];
    for (const { publicKey } of PAIRS)
      expect(await sizesFor(publicKey, algorithm, bytes)).toEqual({ told: 'signature_invalid', sizes });
    const none = await sizesFor(undefined, algorithm, bytes);
    expect(none).toEqual({ told: 'credential_unknown', sizes });
  }
});

test('a signature that is not below the modulus is checked as any other, by another key', async () => {
  const publicKey = PAIRS[0]?.publicKey as KeyObject;
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
  const below = Buffer.from(modulus);
  below.writeUInt8(modulus.readUInt8(255) - 1, 255);
  for (const [signature, isOwn] of [
    [below, true],
    [modulus, false],
    [Buffer.alloc(256, 0xff), false],
  ] as const) {
    const { told, keys } = await checkedFor(publicKey, 'RS256', signature);
    expect([told, keys.length]).toEqual(['signature_invalid', 2]);
    expect(keys.some((key) => key.equals(publicKey))).toBe(isOwn);
  }
});

test('a signature that no usual key makes is wrong at once', async () => {
  const { sizes } = await sizesFor(PAIRS[0]?.publicKey, 'RS256', 255);
  expect(sizes).toEqual([2_048, 2_048]);
});

test.each(PAIRS)('a key of each size verifies its own', async ({ publicKey, privateKey }) => {
  const { code, put } = openWorld();
  put(keyedCredential('key-1', [{ publicKey: spkiPem(publicKey), algorithm: 'RS256' }]));
  expect(await code(tokenOf({ sub: 'key-1' }, { key: privateKey, algorithm: 'RS256' }))).toBe('user-1');
});
