import type { JournalState } from './journal.ts';
import { type Live, routeOf } from './live.ts';
import type { Plan } from './plan.ts';
import type { Work } from './work.ts';

/**
 * Journals what was there, then makes the working copy what the plan says. Nothing of it is live.
 * @returns the methods that somebody took away or protected otherwise meanwhile (`GET /orders`)
 */
export async function changeWorkingCopy(
  work: Work,
  plan: Pick<Plan, 'remember' | 'authorizers' | 'methods'>,
  { live, journal }: { readonly live: Live; readonly journal: Pick<JournalState, 'methods'> },
): Promise<readonly string[]> {
  await rememberMethods(work, plan.remember, journal);
  const ids = await provideAuthorizers(work, plan.authorizers, live);
  return updateMethods(work, plan.methods, ids);
}

async function rememberMethods(
  { journal, restApiId, begin }: Work,
  methods: Plan['remember'],
  known: Pick<JournalState, 'methods'>,
): Promise<void> {
  const routes = new Set(known.methods.map(routeOf));
  for (const [index, method] of methods.entries()) {
    await begin('journal', routeOf(method), index, methods.length);
    // The method's owner set something else since. Killed in between, the next run finds that again.
    if (routes.has(routeOf(method))) await journal.forgetMethod(restApiId, method);
    await journal.rememberMethod(restApiId, method);
  }
}

/** @returns the ids of all authorizers that a method can be given, by name. */
async function provideAuthorizers(
  { controlPlane, restApiId, begin }: Work,
  wanted: Plan['authorizers'],
  { workingCopy: { authorizers } }: Live,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map(authorizers.map(({ name, id }) => [name, id]));
  for (const [index, { id, ...authorizer }] of wanted.entries()) {
    await begin('authorizer', authorizer.name, index, wanted.length);
    const known = authorizers.find((one) => one.id === id);
    if (known !== undefined) await controlPlane.updateAuthorizer(restApiId, known, authorizer);
    else ids.set(authorizer.name, await controlPlane.createAuthorizer(restApiId, authorizer));
  }
  return ids;
}

/**
 * API Gateway knows no condition on a write. So each method is looked at right before: what its owner set since it was read
 * was not journaled, and would be lost.
 */
async function updateMethods(
  { controlPlane, restApiId, begin }: Work,
  changes: Plan['methods'],
  ids: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [index, { method, to }] of changes.entries()) {
    await begin('method', routeOf(method), index, changes.length);
    const authorizerId = to.authorizerId ?? ids.get(to.authorizerName ?? '');
    if (to.authorizerName !== undefined && authorizerId === undefined)
      throw new Error(`a plan without the authorizer ${to.authorizerName}`);
    const { authorizationType } = to;
    const now = await controlPlane.getProtection(restApiId, method);
    const isChanged =
      now?.authorizationType !== method.authorizationType || now.authorizerId !== method.authorizerId;
    if (
      isChanged ||
      !(await controlPlane.updateMethod(restApiId, method, { authorizationType, authorizerId }))
    )
      changed.push(routeOf(method));
  }
  return changed;
}
