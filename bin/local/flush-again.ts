/** Sets a timer. @returns what takes it back. */
export type SetTimer = (run: () => void, afterMs: number) => () => void;

export interface FlushAgainOptions {
  readonly flush: () => void;
  /**
   * The second flush comes so long after a change, or up to a second sooner: that is how long the function may
   * remember, and be at work. The cache keeps no answer that was asked for before a flush, so being sooner by less
   * than the function's time limit loses nothing. Milliseconds.
   */
  readonly againAfterMs: number;
  /** Milliseconds of a clock that goes on alone. @default the process's own, which nobody sets back */
  readonly now?: () => number;
  /** @default Node's own, which keeps no process alive */
  readonly setTimer?: SetTimer;
}

export interface FlushAgain {
  /** Something was taken away, or may have been: flushes now, and once more when no warm function remembers. */
  changed(): void;
  /** What is due then is not flushed any more. */
  close(): void;
}

/** Second flushes that are due within a second of each other are one. */
const TOGETHER_MS = 1_000;

/**
 * The two flushes that a change makes on AWS. A stream of changes puts none of them off: each has its own, and those
 * of a second share it.
 */
export function createFlushAgain({
  flush,
  againAfterMs,
  now = () => performance.now(),
  setTimer = nodeTimer,
}: FlushAgainOptions): FlushAgain {
  /** In their order, a second apart at least. */
  const dueAtMs: number[] = [];
  let cancel: (() => void) | undefined;

  const waitForNext = () => {
    const [next] = dueAtMs;
    cancel = next === undefined ? undefined : setTimer(flushDue, Math.max(0, next - now()));
  };
  const flushDue = () => {
    // A timer may come a little early.
    const passed = dueAtMs.findIndex((atMs) => atMs > now());
    const due = dueAtMs.splice(0, passed === -1 ? dueAtMs.length : passed);
    if (due.length > 0) flush();
    waitForNext();
  };

  return {
    changed() {
      flush();
      const atMs = Math.floor((now() + againAfterMs) / TOGETHER_MS) * TOGETHER_MS;
      if (atMs > (dueAtMs.at(-1) ?? Number.NEGATIVE_INFINITY)) dueAtMs.push(atMs);
      if (cancel === undefined) waitForNext();
    },
    close() {
      dueAtMs.length = 0;
      cancel?.();
      cancel = undefined;
    },
  };
}

const nodeTimer: SetTimer = (run, afterMs) => {
  const timer = setTimeout(run, afterMs).unref();
  return () => clearTimeout(timer);
};
