import { ApiKeysUnavailable } from './api-keys.ts';
import { StoreUnavailable } from './model.ts';

/**
 * For the clean-up after a write that decided already: an outage of the table, or of API keys, then is no failure of the call.
 * @returns whether the work was done. @throws what is no outage.
 */
export async function whetherDone(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof ApiKeysUnavailable) return false;
    throw error;
  }
}
