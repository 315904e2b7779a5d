/** What was true when: every value that a fact has had, and which of them a request may still have been answered by. */

/** From before a request was sent until its answer was there. Milliseconds since 1970. */
export interface Span {
  readonly beganMs: number;
  readonly endedMs: number;
}

/** `admin`: through the Admin API, which flushes the gateway's cache; `direct`: into the table, which does not. */
export type Way = 'admin' | 'direct';

export interface Change {
  /** Before it was asked for: from then on it may count. */
  readonly beganMs: number;
  /** When it was acknowledged; until then nobody may rely on it. */
  readonly ackedMs: number;
  readonly way: Way;
  /** What it changed to. */
  readonly value: unknown;
}

interface Entry<T> {
  readonly value: T;
  readonly change: { beganMs: number; ackedMs: number; way: Way; value: T };
}

export interface History<T> {
  /** What counts in the end, once all has come through. */
  latest(): T;
  /** Call it before the change is asked for, and what it gives when it is acknowledged. */
  begin(value: T, way: Way, nowMs: number): (ackedMs: number) => Change;
  /**
   * The values that may have decided a request.
   * @param endOf until when what was before a change may still count. Milliseconds since 1970.
   */
  possible(span: Span, endOf: (change: Change) => number): readonly T[];
  /** When it changed, for a person. */
  changes(): readonly Change[];
}

export function createHistory<T>(first: T): History<T> {
  const [beganMs, ackedMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const entries: Entry<T>[] = [{ value: first, change: { beganMs, ackedMs, way: 'admin', value: first } }];
  const last = () => entries.at(-1) as Entry<T>;
  return {
    latest: () => last().value,
    begin(value, way, nowMs) {
      const change = { beganMs: nowMs, ackedMs: Number.POSITIVE_INFINITY, way, value };
      entries.push({ value, change });
      return (ackedMs) => {
        change.ackedMs = ackedMs;
        return change;
      };
    },
    possible(span, endOf) {
      const found: T[] = [];
      for (const { value, change } of [...entries].reverse()) {
        if (change.beganMs <= span.endedMs) found.push(value);
        // Whatever was before it is over.
        if (span.beganMs > endOf(change)) break;
      }
      return found;
    },
    changes: () => entries.slice(1).map(({ change }) => change),
  };
}
