import { type Difference, differencesOf, isProtectedAlike } from './differences.ts';
import type { JournalState } from './journal.ts';
import { routeOf } from './live.ts';
import { holderOf } from './naming.ts';
import { isGivenBack } from './prior.ts';
import type { Snapshot, SnapshotMethod } from './snapshot.ts';

/**
 * What others changed in an API and did not deploy to a stage yet, so that a deployment would publish it.
 *
 * What the attachment itself does between two deployments does not count: its authorizers, methods that it protected,
 * and methods that it gave back what was there before.
 *
 * @param served what the stage serves.
 * @param workingCopy what a deployment would publish as it is.
 * @param intended what it would publish once the plan is carried out.
 * @param journal undefined where nothing was attached yet.
 */
export function pendingEdits(
  {
    served,
    workingCopy,
    intended = workingCopy,
  }: {
    readonly served: Snapshot;
    readonly workingCopy: Snapshot;
    readonly intended?: Snapshot | undefined;
  },
  owner: string,
  journal: JournalState | undefined,
): readonly Difference[] {
  const priors = new Map(journal?.methods.map((method) => [routeOf(method), method.prior]));
  const isOurs = (method: SnapshotMethod | undefined) => holderOf(method?.authorizerName, owner) === 'ours';
  /** Whether it was the attachment that changed what stands before a method. */
  function isOurChange(route: string): boolean {
    const [before, after] = [served.methods.get(route), workingCopy.methods.get(route)];
    const prior = priors.get(route);
    if (isOurs(after)) {
      const goal = intended.methods.get(route);
      // What is given back must be what the stage serves in its place, if it does not serve ours.
      return isOurs(goal) || isOurs(before) || [prior, goal].some((one) => isAlike(before, one));
    }
    if (journal === undefined || prior === undefined || after === undefined) return false;
    return isOurs(before) && isGivenBack(after, prior, journal);
  }
  return differencesOf(served, workingCopy).flatMap((difference) => {
    if (difference.kind === 'authorizer' && holderOf(difference.name, owner) === 'ours') return [];
    if (difference.kind !== 'method' || !isOurChange(difference.name)) return difference;
    const settings = difference.settings.filter((setting) => setting !== 'protection');
    return settings.length === 0 ? [] : { ...difference, settings };
  });
}

type Shown = Parameters<typeof isProtectedAlike>[0] | undefined;

const isAlike = (one: Shown, other: Shown): boolean =>
  one !== undefined && other !== undefined && isProtectedAlike(one, other);
