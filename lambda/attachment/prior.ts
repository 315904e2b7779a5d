import { isProtectedAlike } from './differences.ts';
import type { JournaledMethod, JournalState } from './journal.ts';
import type { LiveAuthorizer, WorkingCopy } from './live.ts';
import type { ExpectedMethod } from './plan.ts';

type Prior = JournaledMethod['prior'];

/** What a detachment puts before a method that had `prior`: with `deny` IAM in the place of nothing. */
export const givenBack = (prior: Prior, onDetach: 'restore' | 'deny'): Prior =>
  onDetach === 'deny' && prior.authorizationType === 'NONE' ? { authorizationType: 'AWS_IAM' } : prior;

/** Whether a method shows what it had before, or what a detachment that was begun gave it back. */
export function isGivenBack(shown: ExpectedMethod, prior: Prior, journal: JournalState): boolean {
  return (
    isProtectedAlike(shown, prior) ||
    (isDenying(journal) && isProtectedAlike(shown, givenBack(prior, 'deny')))
  );
}

const isDenying = ({ phase, wish }: JournalState): boolean =>
  phase === 'detaching' && wish.onDetach === 'deny';

/**
 * The authorizer that stood before a method: by its id, or by its name, since an import gives authorizers new ids.
 * @returns undefined: it is gone.
 */
export function priorAuthorizer(
  { authorizerId, authorizerName }: Prior,
  { authorizers }: Pick<WorkingCopy, 'authorizers'>,
): LiveAuthorizer | undefined {
  return (
    authorizers.find(({ id, name }) => id === authorizerId && name === (authorizerName ?? name)) ??
    authorizers.find(({ name }) => name === authorizerName)
  );
}
