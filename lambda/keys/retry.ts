import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 100;

/**
 * Tries a second time, after 100 to 200 ms: connections that a frozen function kept are dead when it wakes.
 * @throws what the second try throws; or the first, when the signal says that time is up.
 */
export async function twice<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (signal.aborted) throw error;
    await sleep(PAUSE_MS * (1 + Math.random()));
    return attempt();
  }
}
