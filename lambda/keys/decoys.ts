import {
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Algorithm } from '../config/types.ts';

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };
const decoys = new Map<string, KeyObject>();

/**
 * A key that nobody can sign for, made once a process: what a signature is checked with where there is no
 * key, so that it takes the time that it takes where there is one.
 */
export function decoyKey(algorithm: Algorithm): KeyObject {
  const kind = /^[RP]S/.test(algorithm) ? 'RSA' : algorithm.startsWith('HS') ? 'HMAC' : algorithm;
  const kept = decoys.get(kind);
  if (kept !== undefined) return kept;
  const made = make(kind);
  decoys.set(kind, made);
  return made;
}

/** In use; any other is as rare as it is slow. Bytes. */
const MODULUS_BYTES = [256, 384, 512];
const rsaDecoys = new Map<number, KeyObject>();

/**
 * An RSA key that nobody can sign for, and whose signatures are of that length; made once a process.
 * @returns undefined for a length that no usual key has.
 */
export function rsaDecoyOf(signatureBytes: number): KeyObject | undefined {
  if (!MODULUS_BYTES.includes(signatureBytes)) return undefined;
  const kept = rsaDecoys.get(signatureBytes) ?? makeRsa(signatureBytes);
  rsaDecoys.set(signatureBytes, kept);
  return kept;
}

function make(kind: string): KeyObject {
  if (kind === 'HMAC') return createSecretKey(randomBytes(64));
  const namedCurve = CURVES[kind];
  // The private half is not kept.
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve }).publicKey;
  return makeRsa(256);
}

/**
 * A modulus by chance: to make a pair would take a tenth of a second. Nobody is ever told it, and who does not know it
 * cannot sign for it.
 */
function makeRsa(bytes: number): KeyObject {
  const modulus = randomBytes(bytes);
  // Above every signature: what is not below the modulus is wrong at once.
  modulus.fill(0xff, 0, 16);
  // Odd, as every modulus is.
  modulus.writeUInt8(1, bytes - 1);
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  return createPublicKey({ key: jwk, format: 'jwk' });
}
