import type { KeyObject } from 'node:crypto';
import { algorithmsOfKey, importKey, isLongEnough } from '../config/key-material.ts';
import type { Algorithm, JwtPolicy } from '../config/types.ts';

/** A credential's key as it is stored: a secret, or a public key with its algorithm. */
export type StoredCredentialKey =
  | { readonly keySecret: string }
  | { readonly publicKey: string; readonly algorithm: string };

/** Two keys of each credential that is remembered. */
const IMPORTED_AT_MOST = 20_000;
/**
 * By their text, so that a key is imported once however often it is read: that takes up to milliseconds, and
 * where it is done at every read the time tells a credential that is there.
 */
const imported = new Map<string, KeyObject | 'none'>();

type ByAlgorithm = Map<Algorithm, KeyObject | 'none'>;
/** By the very object, of a credential that is remembered: then the time does not tell it from one that there is not. */
const fitting = {
  short: new WeakMap<StoredCredentialKey, ByAlgorithm>(),
  long: new WeakMap<StoredCredentialKey, ByAlgorithm>(),
};

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
  const all = allowShortSecret ? fitting.short : fitting.long;
  const known: ByAlgorithm = all.get(stored) ?? new Map();
  const key = known.get(algorithm) ?? fittingKey(stored, algorithm, allowShortSecret) ?? 'none';
  known.set(algorithm, key);
  all.set(stored, known);
  return key === 'none' ? undefined : key;
}

function fittingKey(
  stored: StoredCredentialKey,
  algorithm: Algorithm,
  allowShortSecret: boolean,
): KeyObject | undefined {
  const key = importOnce(stored);
  if (key === 'none' || !algorithmsOfKey(key).includes(algorithm)) return undefined;
  const mayDo =
    'keySecret' in stored ? allowShortSecret || isLongEnough(key, algorithm) : algorithm === stored.algorithm;
  return mayDo ? key : undefined;
}

function importOnce(stored: StoredCredentialKey): KeyObject | 'none' {
  const isSecret = 'keySecret' in stored;
  const text = isSecret ? stored.keySecret : stored.publicKey;
  const name = `${isSecret ? 'secret' : 'public'} ${text}`;
  const known = imported.get(name);
  if (known !== undefined) return known;
  const made = importKey(Buffer.from(text, 'utf8'));
  // A public key in the place of a secret, or the other way round, is nobody's key.
  const key = made.ok && (made.key.type === 'secret') === isSecret ? made.key : 'none';
  imported.set(name, key);
  for (const oldest of imported.keys()) {
    if (imported.size <= IMPORTED_AT_MOST) break;
    imported.delete(oldest);
  }
  return key;
}
