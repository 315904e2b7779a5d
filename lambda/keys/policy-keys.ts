import type { JwtPolicy, KeySetSource, StoredKeySource } from '../config/types.ts';
import type { KeyFinder, KeyHint, VerificationKey } from './key-finder.ts';
import { choose, parseKeySet } from './key-set.ts';
import type { FetchKeySet } from './key-set-source.ts';
import { createRefreshed, type Refreshed } from './refreshed.ts';
import { type StoredSecret, storedKeys } from './stored-keys.ts';
import { KEY_TIMES, SNAPSHOT_MAXIMUM_AGE_MS } from './times.ts';

/** The store's part of a policy's key source. @throws KeyUnavailable */
export type FetchSecret = (source: StoredKeySource, policyIndex: number) => Promise<StoredSecret>;

export interface KeyDependencies {
  readonly fetchSecret: FetchSecret;
  readonly fetchKeySet: FetchKeySet;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each fetch that failed, whether or not another key serves meanwhile. */
  readonly report: (failure: unknown, policy: JwtPolicy) => void;
}

/**
 * Where the keys of a policy come from, for all but `credentialKey`. Each policy has its own: the same `kid`
 * at two issuers never mixes. What must be fetched is fetched from now on, and kept.
 */
export function createKeyFinder(policy: JwtPolicy, dependencies: KeyDependencies): KeyFinder {
  const { keySource } = policy;
  switch (keySource.kind) {
    case 'inline':
      return { find: () => [keySource.key], findNewer: () => undefined };
    case 'credential':
      throw new Error('each credential has its own keys');
    case 'jwksUri':
    case 'discovery':
      return findInSet(keepKeySet(policy, keySource, dependencies));
    default:
      return findAmong(keepStoredKeys(policy, keySource, dependencies), dependencies.now);
  }
}

type KeptKeys = Refreshed<readonly VerificationKey[]>;

function keepKeySet(
  policy: JwtPolicy,
  source: KeySetSource,
  { fetchKeySet, now, report }: KeyDependencies,
): KeptKeys {
  const { snapshot } = source;
  const kept = createRefreshed({
    load: async () => parseKeySet(await fetchKeySet(source), policy.algorithms),
    initial: snapshot && {
      value: parseKeySet(snapshot.keySet, policy.algorithms),
      asOfMs: Math.min(snapshot.fetchedAtMs, now()),
      endsAtMs: Math.min(snapshot.fetchedAtMs, now()) + SNAPSHOT_MAXIMUM_AGE_MS,
    },
    ...{ now, times: KEY_TIMES, report: (failure: unknown) => report(failure, policy) },
  });
  kept.prefetch();
  return kept;
}

function keepStoredKeys(
  policy: JwtPolicy,
  source: StoredKeySource,
  { fetchSecret, now, report }: KeyDependencies,
): KeptKeys {
  const kept = createRefreshed({
    load: async () => storedKeys(await fetchSecret(source, policy.index), policy, source.previousKeySeconds),
    ...{ now, times: KEY_TIMES, report: (failure: unknown) => report(failure, policy) },
  });
  kept.prefetch();
  return kept;
}

/**
 * In a set, `kid` tells which key it is. A token whose key is not there, or not told, asks for a newer set; one
 * whose key is there and does not hold asks too, since some issuers give another key an old name.
 */
function findInSet(kept: KeptKeys): KeyFinder {
  const find = (hint: KeyHint) => whenThere(kept.get(), (keys) => choose(keys, hint).map(({ key }) => key));
  return {
    find,
    findNewer(hint) {
      if (hint.kid !== undefined && typeof hint.kid !== 'string') return undefined;
      const known = find(hint);
      // What was at hand has come to its age meanwhile, and is renewed.
      if (known instanceof Promise) return known;
      const isNamed = hint.kid !== undefined && known.length > 0;
      const newer = kept.getNewer()?.then(() => find(hint));
      // It is denied by a key that is there, so an outage is no reason not to.
      return isNamed ? newer?.catch(() => undefined) : newer;
    },
  };
}

/** A store does not tell which key a token was signed with: all that count are tried. */
function findAmong(kept: KeptKeys, now: () => number): KeyFinder {
  const counting = (keys: readonly VerificationKey[]) =>
    keys.filter(({ endsAtMs }) => endsAtMs === undefined || now() < endsAtMs).map(({ key }) => key);
  return {
    find: () => whenThere(kept.get(), counting),
    findNewer: () => kept.getNewer()?.then(counting),
  };
}

function whenThere<T, R>(value: T | Promise<T>, then: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(then) : then(value);
}
