import { KeyUnavailable } from './key-unavailable.ts';

/** A value from elsewhere that is kept, and renewed before it is too old. */
export interface Refreshed<T> {
  /** @returns the value; a promise only while there is none that may be used. @throws KeyUnavailable */
  get(): T | Promise<T>;
  /**
   * For who needs more than the value at hand has.
   * @returns the value after another load; undefined within the cooldown after the last one.
   * @throws KeyUnavailable (or rejects with it) when the last load failed.
   */
  getNewer(): Promise<T> | undefined;
  /** Begins to load, unless that was done lately. Never rejects. */
  prefetch(): void;
}

/** All in milliseconds, counted from when the load of the value at hand began. */
export interface RefreshTimes {
  /** From here on a request starts another load, and does not wait for it. */
  readonly refreshAfterMs: number;
  /** From here on it waits for that load. When that fails, the old value serves on, and nobody waits until one succeeds. */
  readonly waitAfterMs: number;
  /** From here on the value does not serve any more. */
  readonly maximumAgeMs: number;
  /** The least time between two loads that `getNewer` asks for. */
  readonly cooldownMs: number;
  /** No load takes longer: a function that was frozen meanwhile slept through one that did. */
  readonly longestLoadMs: number;
}

/** A value to begin with. */
export interface Initial<T> {
  readonly value: T;
  /** How old it is: where that is too old to be used without asking, it is for an outage alone. Milliseconds since 1970. */
  readonly asOfMs: number;
  /** It serves until then, at most. Milliseconds since 1970. */
  readonly endsAtMs: number;
}

interface Held<T> extends Omit<Initial<T>, 'asOfMs'> {
  readonly refreshFromMs: number;
  readonly waitFromMs: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Nothing runs by itself: a function is frozen between requests, so it is the requests that find a value old.
 * One load at a time serves all who wait. After a failure there is a pause, doubled each time up to 30 s.
 * @param load may take seconds, and must end.
 * @param report is told of each load that failed.
 */
export function createRefreshed<T>({
  load,
  now,
  times,
  initial,
  report,
}: {
  load: () => Promise<T>;
  /** Milliseconds since 1970. */
  now: () => number;
  times: RefreshTimes;
  initial?: Initial<T> | undefined;
  report: (failure: unknown) => void;
}): Refreshed<T> {
  let held: Held<T> | undefined = initial && {
    ...initial,
    refreshFromMs: initial.asOfMs + times.refreshAfterMs,
    waitFromMs: initial.asOfMs + times.waitAfterMs,
  };
  let loading: Promise<void> | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let retryFromMs = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let failure: unknown;

  const attempt = async () => {
    const sinceMs = now();
    triedAtMs = sinceMs;
    try {
      const value = await load();
      held = {
        value,
        refreshFromMs: sinceMs + times.refreshAfterMs,
        waitFromMs: sinceMs + times.waitAfterMs,
        endsAtMs: sinceMs + times.maximumAgeMs,
      };
      failures = 0;
    } catch (error) {
      // What is slept through ends with a dead connection, which tells nothing of the source.
      if (now() - sinceMs > times.longestLoadMs) return;
      retryFromMs = now() + Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      failure = error;
      report(error);
    }
  };
  const start = () => {
    loading ??= attempt().finally(() => {
      loading = undefined;
    });
    return loading;
  };
  const renewIfOld = () => {
    const isOld = held === undefined || !(now() < Math.min(held.refreshFromMs, held.endsAtMs));
    if (isOld && now() >= retryFromMs) void start();
  };
  const unavailable = () =>
    failure instanceof KeyUnavailable ? failure : new KeyUnavailable('no key', { cause: failure });

  /** Waits for the load that runs; and for another where that one was slept through, since it brought old news or none. */
  const join = async () => {
    const sinceMs = triedAtMs;
    if (loading === undefined) return;
    await loading;
    if (now() - sinceMs > times.longestLoadMs) await start();
  };
  const settled = async () => {
    await join();
    if (held !== undefined && now() < held.endsAtMs) return held.value;
    throw unavailable();
  };

  return {
    get() {
      const atMs = now();
      if (held !== undefined && atMs < Math.min(held.refreshFromMs, held.endsAtMs)) return held.value;
      renewIfOld();
      if (held === undefined) return settled();
      // Nobody waits for a source that is known to be down.
      const isWaiting = failures === 0 && atMs >= held.waitFromMs;
      return !isWaiting && atMs < held.endsAtMs ? held.value : settled();
    },

    getNewer() {
      const isTooSoon = now() < Math.max(triedAtMs + times.cooldownMs, retryFromMs);
      if (loading === undefined && isTooSoon)
        return failures === 0 ? undefined : Promise.reject(unavailable());
      void start();
      return join().then(() => {
        if (failures > 0) throw unavailable();
        return settled();
      });
    },

    prefetch: renewIfOld,
  };
}
