/** An injected clock, with what is due at later moments. */
export interface Timeline {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What is due at one moment happens in the order in which it was arranged, before that moment's requests. */
  at(ms: number, action: () => Promise<void> | void): void;
  advance(ms: number): Promise<void>;
  /** Goes on until nothing is due any more. */
  end(): Promise<void>;
}

export function createTimeline(startMs: number): Timeline {
  let nowMs = startMs;
  const due: { readonly ms: number; readonly action: () => Promise<void> | void }[] = [];
  const advanceTo = async (endMs: number) => {
    for (;;) {
      due.sort((one, other) => one.ms - other.ms);
      const next = due[0];
      if (next === undefined || next.ms > endMs) return;
      due.shift();
      nowMs = next.ms;
      await next.action();
    }
  };
  return {
    now: () => nowMs,
    at: (ms, action) => void due.push({ ms, action }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await advanceTo(endMs);
      nowMs = endMs;
    },
    end: () => advanceTo(Number.POSITIVE_INFINITY),
  };
}
