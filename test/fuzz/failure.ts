export type FailureKind =
  | 'threw'
  | 'unavailable'
  | 'wrong allow'
  | 'wrong denial'
  | 'wrong caller'
  | 'answers differ'
  | 'over a limit'
  | 'slow'
  | 'malformed report'
  | 'tells a secret'
  | 'read in another way'
  | 'option lost';

/** What a case showed that must not be. */
export interface Failure {
  readonly kind: FailureKind;
  readonly detail: string;
}

export const SLOW_MS = 50;
const TIMES = 7;
/** Longer than any machine takes for what needs 50 ms of a processor: something waits. */
const WAITS_MS = 2000;

/**
 * Whether something is slow, and not the machine busy or the collector at work: what took too long is done again, and the
 * shortest counts, of the processor's time (which a busy machine does not make longer). A slow path is slow every time.
 * @param again does the very same.
 * @returns the shortest, in milliseconds; 0 where one was shorter than the limit.
 */
export async function shortest(again: () => unknown, limitMs = SLOW_MS): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TIMES; i++) {
    const [beganMs, before] = [performance.now(), process.cpuUsage()];
    await again();
    const tookMs = performance.now() - beganMs;
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, tookMs > WAITS_MS ? tookMs : (user + system) / 1000);
    if (least <= limitMs) return 0;
  }
  return least;
}
