import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlane } from './control-plane.ts';
import type { Claim, Journal, Run } from './journal.ts';
import type { Dependencies, Options, StepName } from './run.ts';

/** How long nobody else may take the place of a run that is silent: longer than one call of its own may take. */
export const LEASE_MS = 120_000;
/** `LEASE_MS` less this, and a call of the longest kind still ends within the lease. */
const RENEW_BELOW_MS = 100_000;

/** One run of the engine on one API, and all that it may call. */
export interface Work {
  readonly restApiId: string;
  readonly controlPlane: ControlPlane;
  readonly journal: Journal;
  readonly run: Run;
  readonly newId: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * Called before each call of a step: tells of it, and sees to it that the run may go on.
   * @throws OutOfTime, LeaseLost
   */
  readonly begin: (step: StepName, subject: string, done?: number, of?: number) => Promise<void>;
}

/** The run's time is over, between two calls: caught where the run began. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * Does a run's work under the journal's lease, and gives the lease back however it ends.
 * @returns what the work returns; how the claim ended where it did not hold; `unfinished` where time ran out
 */
export async function underLease<T>(
  restApiId: string,
  owner: string,
  dependencies: Dependencies,
  options: Options,
  work: (work: Work) => Promise<T>,
): Promise<T | Exclude<Claim, { kind: 'claimed' }> | Unfinished> {
  const { journal, now = Date.now, newId = randomUUID, sleep = wait } = dependencies;
  if (isOver(options, now)) return UNFINISHED;
  const id = newId();
  let run: Run = { id, untilMs: now() + LEASE_MS };
  const claim = await journal.claim(restApiId, owner, run);
  if (claim.kind !== 'claimed') return claim;
  const watch = watcher(options, now);
  const begin: Work['begin'] = async (...step) => {
    watch(...step);
    if (run.untilMs - now() >= RENEW_BELOW_MS) return;
    run = { id, untilMs: now() + LEASE_MS };
    await journal.renew(restApiId, run);
  };
  try {
    const { controlPlane } = dependencies;
    return await unlessOutOfTime(() => work({ restApiId, controlPlane, journal, run, newId, sleep, begin }));
  } finally {
    // Whoever fails here too has told already what is wrong, and the lease ends by itself.
    await journal.release(restApiId, run).catch(() => undefined);
  }
}

const wait = async (ms: number): Promise<void> => void (await delay(ms));

const LOOKS = 4;
const BETWEEN_LOOKS_MS = 2_000;

/**
 * Looks until all is as it should be, four times at most, 2 s apart: nobody says that what API Gateway tells right after
 * a write is up to date. @returns what was seen last
 */
export async function lookAgain<T>(
  { sleep }: Work,
  look: () => Promise<T>,
  isGood: (seen: T) => boolean,
): Promise<T> {
  let seen = await look();
  for (let looks = 1; looks < LOOKS && !isGood(seen); looks += 1) {
    await sleep(BETWEEN_LOOKS_MS);
    seen = await look();
  }
  return seen;
}

interface Unfinished {
  readonly kind: 'unfinished';
}

const UNFINISHED: Unfinished = { kind: 'unfinished' };

export async function unlessOutOfTime<T>(work: () => Promise<T>): Promise<T | Unfinished> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutOfTime) return UNFINISHED;
    throw error;
  }
}

/** Without a lease, for what only reads. @throws OutOfTime */
export function watcher(
  { tell, ...end }: Options,
  now: () => number,
): (step: StepName, subject: string, done?: number, of?: number) => void {
  return (step, subject, done = 0, of = 1) => {
    if (isOver(end, now)) throw new OutOfTime('the time of this run is over');
    tell?.({ step, done, of, subject });
  };
}

const isOver = ({ untilMs, signal }: Pick<Options, 'untilMs' | 'signal'>, now: () => number): boolean =>
  signal?.aborted === true || (untilMs !== undefined && now() >= untilMs);
