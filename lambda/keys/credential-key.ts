import type { KeyObject } from 'node:crypto';
import { algorithmsOfKey, importKey, isLongEnough } from '../config/key-material.ts';
import type { Algorithm, JwtPolicy } from '../config/types.ts';

/** A credential's key as it is stored: a secret, or a public key with its algorithm. */
export type StoredCredentialKey =
  | { readonly keySecret: string }
  | { readonly publicKey: string; readonly algorithm: string };

const imported = new WeakMap<StoredCredentialKey, KeyObject | 'none'>();

/**
 * A credential's key as a policy takes it. The algorithm is the credential's: a public key verifies the one
 * that it was stored with and no other, a secret those HS* whose hash it is long enough for.
 * @returns the key where it may verify the algorithm for that policy.
 */
export function credentialKeyFor(
  stored: StoredCredentialKey,
  algorithm: Algorithm,
  { allowShortSecret }: Pick<JwtPolicy, 'allowShortSecret'>,
): KeyObject | undefined {
  const key = importOnce(stored);
  if (key === 'none' || !algorithmsOfKey(key).includes(algorithm)) return undefined;
  const mayDo =
    'keySecret' in stored ? allowShortSecret || isLongEnough(key, algorithm) : algorithm === stored.algorithm;
  return mayDo ? key : undefined;
}

function importOnce(stored: StoredCredentialKey): KeyObject | 'none' {
  const known = imported.get(stored);
  if (known !== undefined) return known;
  const isSecret = 'keySecret' in stored;
  const made = importKey(Buffer.from(isSecret ? stored.keySecret : stored.publicKey, 'utf8'));
  // A public key in the place of a secret, or the other way round, is nobody's key.
  const key = made.ok && (made.key.type === 'secret') === isSecret ? made.key : 'none';
  imported.set(stored, key);
  return key;
}
