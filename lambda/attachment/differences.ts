import type { Snapshot, SnapshotMethod, Spelled } from './snapshot.ts';

/** Something in which two snapshots differ. */
export interface Difference {
  readonly kind: 'method' | 'authorizer' | 'api';
  /** `GET /orders`, or an authorizer's name; empty for the API as a whole. */
  readonly name: string;
  /** What differs: `added`, `removed`, `protection`, `authorizationScopes`, `apiKeyRequired`, or the name of a setting. Never empty. */
  readonly settings: readonly string[];
}

/**
 * What has become of `before` in `after`. Authorizers are compared where methods of both use them: what no method uses
 * is nowhere in force, and an export does not tell of it.
 */
export function differencesOf(before: Snapshot, after: Snapshot): readonly Difference[] {
  return [
    ...methodDifferences(before, after),
    ...authorizerDifferences(before, after),
    ...difference('api', '', changesOf(before.api, after.api)),
  ];
}

function methodDifferences(before: Snapshot, after: Snapshot): readonly Difference[] {
  return keysOf(before.methods, after.methods).flatMap((route) => {
    const [one, other] = [before.methods.get(route), after.methods.get(route)];
    return difference(
      'method',
      route,
      one === undefined ? ['added'] : other ? settingsOf(one, other) : ['removed'],
    );
  });
}

function settingsOf(one: SnapshotMethod, other: SnapshotMethod): readonly string[] {
  return [
    ...(isProtectedAlike(one, other) ? [] : ['protection']),
    ...(isScopedAlike(one, other) ? [] : ['authorizationScopes']),
    ...(one.apiKeyRequired === other.apiKeyRequired ? [] : ['apiKeyRequired']),
    ...changesOf(one.rest, other.rest),
  ];
}

function authorizerDifferences(before: Snapshot, after: Snapshot): readonly Difference[] {
  const usedAfter = authorizersUsed(after);
  return [...authorizersUsed(before)]
    .filter((name) => usedAfter.has(name))
    .sort()
    .flatMap((name) =>
      difference(
        'authorizer',
        name,
        changesOf(before.authorizers.get(name) ?? {}, after.authorizers.get(name) ?? {}),
      ),
    );
}

/** Names of the authorizers that methods use. */
export function authorizersUsed({ methods }: Pick<Snapshot, 'methods'>): ReadonlySet<string> {
  return new Set([...methods.values()].flatMap(({ authorizerName }) => authorizerName ?? []));
}

type Named = Pick<SnapshotMethod, 'authorizationType' | 'authorizerName'>;

/** Whether the same stands before two methods; an authorizer goes by its name. */
export const isProtectedAlike = (one: Named, other: Named): boolean =>
  one.authorizationType === other.authorizationType && one.authorizerName === other.authorizerName;

/** An export tells scopes beside an authorizer only. */
const isScopedAlike = (one: SnapshotMethod, other: SnapshotMethod): boolean =>
  one.authorizerName === undefined ||
  other.authorizerName === undefined ||
  one.authorizationScopes.join() === other.authorizationScopes.join();

/** Names of the settings that differ. */
export function changesOf(one: Spelled, other: Spelled): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => one[name] !== other[name])
    .sort();
}

const difference = (
  kind: Difference['kind'],
  name: string,
  settings: readonly string[],
): readonly Difference[] => (settings.length === 0 ? [] : [{ kind, name, settings }]);

const keysOf = (one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): readonly string[] =>
  [...new Set([...one.keys(), ...other.keys()])].sort();
