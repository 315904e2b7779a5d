/** What a plan is about: methods, and what is to stand before each. */
import { authorizersUsed, changesOf, isProtectedAlike } from './differences.ts';
import type { JournaledMethod } from './journal.ts';
import { type Live, type LiveAuthorizer, type LiveMethod, type LiveStage, routeOf } from './live.ts';
import { holderOf } from './naming.ts';
import type { ExpectedMethod, MethodChange, Plan, WantedAuthorizer } from './plan.ts';
import { priorAuthorizer } from './prior.ts';
import type { Snapshot } from './snapshot.ts';
import { spelledAuthorizer } from './spelling.ts';

/** A method, and what is to stand before it. */
export interface Target {
  readonly method: LiveMethod;
  readonly to: ExpectedMethod;
}

/** What stands before methods of the working copy, with authorizers by their names. */
export function reader({ workingCopy }: Live, owner: string) {
  const names = new Map(workingCopy.authorizers.map(({ id, name }) => [id, name]));
  const shownBy = ({ authorizationType, authorizerId }: LiveMethod): ExpectedMethod => ({
    authorizationType,
    ...(authorizerId !== undefined && { authorizerName: names.get(authorizerId) ?? authorizerId }),
  });
  const methods = new Map(workingCopy.methods.map((method) => [routeOf(method), method]));
  return {
    shownBy,
    holderBefore: (method: LiveMethod) => holderOf(shownBy(method).authorizerName, owner),
    find: (route: string) => methods.get(route),
  };
}

/** The one that is there under a name; with several, always the same. */
export const authorizerNamed = (
  authorizers: readonly LiveAuthorizer[],
  name: string | undefined,
): LiveAuthorizer | undefined =>
  authorizers.filter((one) => one.name === name).sort((a, b) => (a.id < b.id ? -1 : 1))[0];

/** Those of `wanted` that are to be made, or are not as they should be. */
export function authorizerChanges(
  wanted: readonly Omit<LiveAuthorizer, 'id'>[],
  { authorizers, snapshot }: Live['workingCopy'],
): readonly WantedAuthorizer[] {
  return wanted.flatMap((authorizer) => {
    const there = authorizerNamed(authorizers, authorizer.name);
    if (there === undefined) return authorizer;
    const shown = snapshot.authorizers.get(authorizer.name) ?? {};
    return changesOf(shown, spelledAuthorizer(authorizer)).length === 0
      ? []
      : { ...authorizer, id: there.id };
  });
}

/** What of the targets is not there yet. */
export function methodChanges(targets: readonly Target[], { workingCopy }: Live): readonly MethodChange[] {
  return targets.flatMap(({ method, to }) => {
    const { authorizerName, authorizationType } = to;
    const authorizerId = authorizerNamed(workingCopy.authorizers, authorizerName)?.id;
    const isThere =
      method.authorizationType === authorizationType &&
      (authorizerName === undefined
        ? method.authorizerId === undefined
        : method.authorizerId === authorizerId);
    if (isThere && (authorizerName === undefined || authorizerId !== undefined)) return [];
    return { method, to: { ...to, ...(authorizerId !== undefined && { authorizerId }) } };
  });
}

/** The target that gives a method back what stood before it; undefined: its authorizer is gone. */
export function restored(
  method: LiveMethod,
  prior: JournaledMethod['prior'],
  { workingCopy }: Live,
): Target | undefined {
  const { authorizationType } = prior;
  if (authorizationType !== 'CUSTOM' && authorizationType !== 'COGNITO_USER_POOLS')
    return { method, to: { authorizationType } };
  const authorizer = priorAuthorizer(prior, workingCopy);
  return authorizer && { method, to: { authorizationType, authorizerName: authorizer.name } };
}

/** What the working copy will hold. */
export function intendedWith(
  targets: readonly Target[],
  wanted: readonly Omit<LiveAuthorizer, 'id'>[],
  { workingCopy }: Live,
): Snapshot {
  const { snapshot } = workingCopy;
  const methods = new Map(snapshot.methods);
  for (const { method, to } of targets) {
    const route = routeOf(method);
    const shown = methods.get(route);
    if (shown === undefined) continue;
    const { authorizerName: _, ...rest } = shown;
    methods.set(route, { ...rest, ...to, authorizationScopes: method.authorizationScopes.toSorted() });
  }
  const authorizers = new Map([
    ...snapshot.authorizers,
    ...wanted.map((authorizer) => [authorizer.name, spelledAuthorizer(authorizer)] as const),
  ]);
  return { ...snapshot, methods, authorizers };
}

export const expectedOf = (targets: readonly Target[]): Plan['expected'] =>
  new Map(targets.map(({ method, to }) => [routeOf(method), to]));

/** Authorizers of ours that no method of the working copy will use. */
export function unused(intended: Snapshot, { workingCopy }: Live, owner: string): readonly LiveAuthorizer[] {
  const used = authorizersUsed(intended);
  return workingCopy.authorizers.filter(
    (authorizer) =>
      holderOf(authorizer.name, owner) === 'ours' &&
      (!used.has(authorizer.name) ||
        authorizerNamed(workingCopy.authorizers, authorizer.name) !== authorizer),
  );
}

/** Whether a stage serves a method otherwise than it should; one that it does not serve at all is no matter. */
export function isStale(
  { snapshot }: LiveStage,
  expected: Plan['expected'],
  wanted: readonly Omit<LiveAuthorizer, 'id'>[],
): boolean {
  const used = authorizersUsed(snapshot);
  return (
    [...expected].some(([route, to]) => {
      const served = snapshot.methods.get(route);
      return served !== undefined && !isProtectedAlike(served, to);
    }) ||
    wanted.some(
      (authorizer) =>
        used.has(authorizer.name) &&
        changesOf(snapshot.authorizers.get(authorizer.name) ?? {}, spelledAuthorizer(authorizer)).length > 0,
    )
  );
}
