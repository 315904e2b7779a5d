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
  return work instanceof Promise && limit !== undefined ? raced(work, limit.untilMs - limit.now()) : work;
}

async function raced<T>(work: Promise<T>, remainingMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isOver = new Promise<never>((_, reject) => {
    const end = () => reject(new OutOfTime(`no answer within ${remainingMs} ms`));
    timer = setTimeout(end, Math.max(remainingMs - MARGIN_MS, remainingMs / 2));
  });
  try {
    return await Promise.race([work, isOver]);
  } finally {
    clearTimeout(timer);
  }
}
