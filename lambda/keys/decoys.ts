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

function make(kind: string): KeyObject {
  if (kind === 'HMAC') return createSecretKey(randomBytes(64));
  const namedCurve = CURVES[kind];
  // The private half is not kept.
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve }).publicKey;
  // A modulus by chance: to make a pair would take a tenth of a second. Nobody is ever told it, and who does
  // not know it cannot sign for it.
  const modulus = randomBytes(256);
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[255] = (modulus[255] ?? 0) | 1;
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  return createPublicKey({ key: jwk, format: 'jwk' });
}
