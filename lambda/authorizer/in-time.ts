import { within } from '../consumers/within.ts';

/** An answer took longer than the function has: ours, never the caller's fault. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** For a line of log and the answer's way. */
const MARGIN_MS = 500;

/** Until when the function has to answer, and the clock that says so. */
export interface TimeLimit {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly now: () => number;
}

/**
 * What is waited for, unless the function's time is over before: AWS would end it then, with no line that says why, and
 * it would have to start anew. Each thing that is waited for has a limit of its own; one after another they may take longer.
 * @param work what is at hand is given back as it is: a timer costs as much as a tenth of a decision.
 * @param limit undefined: there is none.
 * @throws OutOfTime (rejects with it) half a second before, or at half of what is left where that is less than a second.
 */
export function inTime<T>(work: T | Promise<T>, limit: TimeLimit | undefined): T | Promise<T> {
  if (!(work instanceof Promise) || limit === undefined) return work;
  const remainingMs = limit.untilMs - limit.now();
  return within(work, Math.max(remainingMs - MARGIN_MS, remainingMs / 2), () => {
    throw new OutOfTime(`no answer within ${remainingMs} ms`);
  });
}
