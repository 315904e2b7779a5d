/** An answer took longer than the function has: ours, never the caller's fault. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** For a line of log and the answer's way. */
const MARGIN_MS = 500;

/**
 * What is waited for, unless the function's time is over before: AWS would end it then, with no line that says why, and
 * it would have to start anew. Each thing that is waited for has a limit of its own; one after another they may take longer.
 * @param remainingMs of the function's time. Milliseconds.
 * @throws OutOfTime (rejects with it) half a second before, or at half of the time where there is less than a second.
 */
export async function inTime<T>(work: Promise<T>, remainingMs: number): Promise<T> {
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
