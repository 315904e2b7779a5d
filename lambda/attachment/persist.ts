import { errorOf, failureOf } from './control-plane-failure.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export interface Patience {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** No try begins later than this after the first. */
  readonly giveUpAfterMs: number;
}

/** One call, as often as it takes. */
export interface Attempt<T> {
  /** AWS's name of the call. */
  readonly operation: string;
  send(): Promise<T>;
  /**
   * For a write that would harm if it took effect twice: asked before it is repeated after no answer, or one that does
   * not say. @returns what the first one would have answered, undefined where it took no effect
   */
  look?: (() => Promise<T | undefined>) | undefined;
  /** What stands for the answer where what the call names is not there. */
  missing?: { readonly value: T } | undefined;
}

/**
 * Repeats what may pass, with pauses of 0.25 to 0.5 s at first, then twice as long each time, up to 8 s.
 * @throws ControlPlaneUnavailable, ControlPlaneRefused
 */
export async function persist<T>(attempt: Attempt<T>, patience: Patience): Promise<T> {
  const { now, sleep, random, giveUpAfterMs } = patience;
  const endMs = now() + giveUpAfterMs;
  let isUncertain = false;
  for (let tries = 0; ; tries += 1) {
    try {
      const found = isUncertain ? await attempt.look?.() : undefined;
      return found ?? (await attempt.send());
    } catch (error) {
      const failure = failureOf(error);
      if (failure.isMissing && attempt.missing !== undefined) return attempt.missing.value;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries) * (0.5 + random() / 2);
      if (!failure.isPassing || now() + pauseMs > endMs) throw errorOf(attempt.operation, error);
      isUncertain ||= failure.isUncertain;
      await sleep(pauseMs);
    }
  }
}
