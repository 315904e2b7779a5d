/**
 * When a refusal may be told that follows from what the table has, or has not: what is there takes longer to be read and parsed
 * than what is not, by its size and by who holds it. So that the time does not tell them apart, both are told at one moment, which
 * is fixed when the request begins. What takes longer than that is told as it comes.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Twice what two reads usually take, and shorter than anybody minds who is refused. Milliseconds. */
export const REFUSED_AFTER_MS = 30;
/** Timers come so much too late. Milliseconds. */
const TIMER_LATE_MS = 2;
/** A nap is over by then, however late it ends. Milliseconds. */
const NAP_LATE_MS = 0.25;
const NAP_MS = 0.1;

/** Begins with a request. @returns what waits until its refusal may be told. */
export type MomentOfRefusal = () => () => Promise<void>;

/** @param afterMs counted from the request's beginning. Milliseconds. */
export const createMomentOfRefusal =
  (afterMs: number): MomentOfRefusal =>
  () => {
    const moment = performance.now() + afterMs;
    return () => until(moment);
  };

/** For who asks on his own behalf. */
export const toldAtOnce: MomentOfRefusal = () => async () => undefined;

/**
 * The very moment: timers count whole milliseconds from whatever the process did last, so that one alone would tell by when it
 * comes how long that took, to the microsecond. The rest of the way is gone by the clock, in naps of the whole thread that cost a small
 * function less of its processor than turning would, and between which others have their turn.
 */
async function until(moment: number): Promise<void> {
  const leftMs = () => moment - performance.now();
  const timerMs = leftMs() - TIMER_LATE_MS;
  if (timerMs >= 1) await sleep(timerMs);
  while (leftMs() > 0) {
    if (leftMs() > NAP_LATE_MS) Atomics.wait(nobodyWakes, 0, 0, NAP_MS);
    await new Promise(setImmediate);
  }
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
