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
 * The authorizer that stood before a method: by its id, or by its name, since an import gives authorizers new ids. One
 * that is of another kind by now (a user pool, or a function) cannot stand there.
 * @returns undefined: it is gone.
 */
export function priorAuthorizer(
  { authorizationType, authorizerId, authorizerName }: Prior,
  { authorizers }: Pick<WorkingCopy, 'authorizers'>,
): LiveAuthorizer | undefined {
  const isPool = authorizationType === 'COGNITO_USER_POOLS';
  const likely = authorizers.filter(({ type }) => (type === 'COGNITO_USER_POOLS') === isPool);
  return (
    likely.find(({ id, name }) => id === authorizerId && name === (authorizerName ?? name)) ??
    likely.find(({ name }) => name === authorizerName)
  );
}
