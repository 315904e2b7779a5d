import type { RefreshTimes } from './refreshed.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/**
 * How fresh fetched keys are. A key that was withdrawn stops verifying within ten minutes, as long as its
 * source can be reached; while it cannot, what is at hand serves for a day.
 */
export const KEY_TIMES: RefreshTimes = {
  refreshAfterMs: 300 * SECOND,
  waitAfterMs: 600 * SECOND,
  maximumAgeMs: DAY,
  cooldownMs: 10 * SECOND,
  longestLoadMs: 10 * SECOND,
};

/** How old the key set of deploy time may be. */
export const SNAPSHOT_MAXIMUM_AGE_MS = 30 * DAY;

/**
 * The time that one look-up of keys may take, retries included: a third of what the function has, so that a
 * second policy and the table find time too.
 */
export const LOAD_LIMIT_MS = 3_300;
export const ATTEMPT_LIMIT_MS = 1_500;
