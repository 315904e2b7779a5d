import { algorithmsOfKey, importKey, isLongEnough } from '../config/key-material.ts';
import type { JwtPolicy } from '../config/types.ts';
import type { VerificationKey } from './key-finder.ts';
import { KeyUnavailable } from './key-unavailable.ts';

/** What a secret store holds. Secrets: never to be logged or shown. */
export interface StoredSecret {
  readonly current: Uint8Array;
  /** When the current one was made. Milliseconds since 1970; undefined where the store does not say. */
  readonly currentSinceMs?: number | undefined;
  /** The one before it, where there is one. */
  readonly previous?: Uint8Array | undefined;
}

/**
 * The keys of a policy out of a secret store, the current one first.
 * @param previousKeySeconds how long the one before it verifies, from when the current one was made.
 * @throws KeyUnavailable when the current one is not what the configuration would have taken.
 */
export function storedKeys(
  stored: StoredSecret,
  policy: JwtPolicy,
  previousKeySeconds: number,
): readonly VerificationKey[] {
  const current = importFor(policy, stored.current);
  if (typeof current === 'string') throw new KeyUnavailable(`the key of jwt[${policy.index}] ${current}`);
  if (stored.previous === undefined || stored.currentSinceMs === undefined) return [current];
  const previous = importFor(policy, stored.previous);
  // One that could never verify takes nothing away from the current one.
  if (typeof previous === 'string') return [current];
  return [current, { ...previous, endsAtMs: stored.currentSinceMs + previousKeySeconds * 1000 }];
}

/** @returns the key, or why it is none. What the configuration's checks would have said, had it been there. */
function importFor(policy: JwtPolicy, bytes: Uint8Array): VerificationKey | string {
  const imported = importKey(bytes);
  if (!imported.ok) return `is not usable: ${imported.message}`;
  const { key } = imported;
  const able = algorithmsOfKey(key);
  const unable = policy.algorithms.filter(
    (algorithm) => !able.includes(algorithm) || !(policy.allowShortSecret || isLongEnough(key, algorithm)),
  );
  if (unable.length > 0) {
    const what =
      key.type === 'secret' ? `a secret of ${key.symmetricKeySize} bytes` : `an ${key.asymmetricKeyType} key`;
    return `cannot do ${unable.join(', ')}: it is ${what}`;
  }
  return { key, algorithms: policy.algorithms };
}
