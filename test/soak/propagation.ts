/**
 * How soon what is changed counts, as docs/revocation.md and docs/keys.md say it. Here once more, since what is judged
 * by the figures of the code would be right whatever they are.
 */
import type { Change, Span } from './history.ts';

export const SECOND_MS = 1_000;
/** T: the function's time limit. */
const FUNCTION_TIMEOUT_MS = 10 * SECOND_MS;
/** A token of a key that was published so long ago is never told that there is no such key. */
export const NEW_KEY_MS = 10 * SECOND_MS;
/** A key that was withdrawn verifies no longer than that while its source answers. */
export const OLD_KEY_MS = 600 * SECOND_MS;
/** Timers and clocks of a busy machine. */
const SLACK_MS = 500;

/** What fails. */
export type Dependency = 'table' | 'issuer';

/** Of a dependency that answers again, and of the requests that begin then. */
export const recoveryMs = (dependency: Dependency, outageMs: number): number =>
  // Table: whoever joins a look-up that began before: two round trips of 3.3 s each.
  // Keys: a fetch that failed is tried again after as long as the outage was at most, and takes 3.3 s.
  dependency === 'table' ? 7 * SECOND_MS : Math.min(30 * SECOND_MS, outageMs + SECOND_MS) + 7 * SECOND_MS;

export interface Outage {
  readonly dependency: Dependency;
  readonly beganMs: number;
  /** Infinity while it lasts. */
  readonly endedMs: number;
}

export interface Settings {
  readonly credentialCacheSeconds: number;
  readonly authorizerCacheSeconds: number;
}

/** The times of one gateway, with what has happened to it so far. */
export interface Propagation {
  /** An acknowledged change by the Admin API: it flushed the cache, and will once more. */
  flushed(change: Change): void;
  fell(outage: Outage): void;
  /** Until when what was before a change of the table may count. @param isCached whether the route's answers are kept. */
  endOf(change: Change, isCached: boolean): number;
  /** The same of a key that an issuer withdrew. */
  endOfKey(change: Change, isCached: boolean): number;
  /** Until when an answer of before `expMs` may count. */
  endOfToken(expMs: number, isCached: boolean): number;
  /** Whether one of the dependencies is out for a request, or was until just before. */
  isOut(span: Span, dependencies: readonly Dependency[]): boolean;
}

export function createPropagation({ credentialCacheSeconds, authorizerCacheSeconds }: Settings): Propagation {
  const boundMs = credentialCacheSeconds * SECOND_MS + FUNCTION_TIMEOUT_MS;
  const keptMs = authorizerCacheSeconds * SECOND_MS;
  const flushes: Change[] = [];
  const outages: Outage[] = [];

  /** The first flush that comes after a moment, if there was one: none needs to be known that comes after the answer. */
  const flushAfter = (atMs: number) => flushes.find(({ beganMs }) => beganMs >= atMs);
  /** Nothing older than `sinceMs` is put into the cache from then on. @returns when the last of it is gone. */
  const goneFromCache = (sinceMs: number) => {
    const next = flushAfter(sinceMs)?.ackedMs ?? Number.POSITIVE_INFINITY;
    return Math.min(sinceMs + keptMs, next) + SLACK_MS;
  };
  /** A second flush comes when the bound is over; those of a second share it. */
  const goneBySecondFlush = (changedMs: number) => {
    const next = flushAfter(changedMs + SECOND_MS);
    return next === undefined ? Number.POSITIVE_INFINITY : next.ackedMs + boundMs + SLACK_MS;
  };

  return {
    flushed: (change) => void flushes.push(change),
    fell: (outage) => void outages.push(outage),
    endOf({ ackedMs, way }, isCached) {
      const untilMs = ackedMs + boundMs;
      if (way === 'admin' || !isCached) return untilMs + SLACK_MS;
      return Math.min(goneFromCache(untilMs), goneBySecondFlush(ackedMs));
    },
    endOfKey({ ackedMs }, isCached) {
      const plainMs = ackedMs + OLD_KEY_MS;
      // What is at hand when its time is over and nobody can be asked serves on.
      const out = outages.find(
        ({ dependency, beganMs, endedMs }) =>
          dependency === 'issuer' &&
          beganMs <= plainMs + FUNCTION_TIMEOUT_MS &&
          endedMs + recoveryMs('issuer', endedMs - beganMs) >= plainMs,
      );
      const servedMs = out ? out.endedMs + recoveryMs('issuer', out.endedMs - out.beganMs) : plainMs;
      const untilMs = Math.max(plainMs, servedMs) + FUNCTION_TIMEOUT_MS;
      return isCached ? goneFromCache(untilMs) : untilMs + SLACK_MS;
    },
    endOfToken: (expMs, isCached) => (isCached ? goneFromCache(expMs) : expMs),
    isOut: ({ beganMs, endedMs }, dependencies) =>
      outages.some(
        (outage) =>
          dependencies.includes(outage.dependency) &&
          outage.beganMs <= endedMs &&
          beganMs <= outage.endedMs + recoveryMs(outage.dependency, outage.endedMs - outage.beganMs),
      ),
  };
}
