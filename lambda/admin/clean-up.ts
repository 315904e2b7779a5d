import type { ConsumerStore } from '../consumers/store.ts';
import { within } from '../consumers/within.ts';

/**
 * Goes on with what deletions have left behind, for a while. What is not done by then stays as it is, and
 * counts no more: the next call goes on with it.
 * @param milliseconds how long the caller can wait; nothing is begun when there are none.
 * @returns whether all is cleaned up. Never rejects: `onError` gets what went wrong, later than that too.
 */
export async function cleanUpFor(
  milliseconds: number,
  store: Pick<ConsumerStore, 'resumeCleanUp'>,
  onError: (error: unknown) => void,
): Promise<boolean> {
  if (milliseconds <= 0) return false;
  const done = store.resumeCleanUp().then(
    () => true,
    (error: unknown) => {
      onError(error);
      return false;
    },
  );
  return within(done, milliseconds, () => false);
}
