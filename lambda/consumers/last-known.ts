/** What was read last, for while the table cannot be reached (`staleCredentialSeconds`). */
import { createMemory, type LookupResult } from './memory.ts';
import { RecordUnreadable, StoreUnavailable } from './model.ts';
import { within } from './within.ts';

/** How long a request waits for a table that has not failed lately, where it could do without it: one try's time. */
const WAIT_MS = 1_000;
/** Less than that wait: who waited in vain saw nobody answered. */
const ANSWERS_FOR_MS = 900;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Whether the table answers; one for all that is read of it. */
export interface TableState {
  /** Whether it is worth asking. Where it failed, for one of all who ask, once a pause: 1 s, doubled up to 10 s. */
  mayAsk(): boolean;
  answered(): void;
  failed(): void;
}

/** @param now milliseconds since 1970. */
export function createTableState(now: () => number): TableState {
  let failures = 0;
  let askFromMs = Number.NEGATIVE_INFINITY;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  const pause = () => {
    askFromMs = now() + Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  };
  return {
    mayAsk() {
      if (failures === 0) return true;
      // A clock that was set back would make the pause longer.
      if (now() < askFromMs && askFromMs - now() <= LONGEST_PAUSE_MS) return false;
      failures += 1;
      pause();
      return true;
    },
    answered() {
      failures = 0;
      answeredAtMs = now();
    },
    failed() {
      // Of all who ask in a pause, none makes it longer.
      if (failures > 0) return;
      // It answers others: one item that cannot be read, such as of a partition that is throttled, is no outage of all.
      if (Math.abs(now() - answeredAtMs) < ANSWERS_FOR_MS) return;
      failures = 1;
      pause();
    },
  };
}

/** What was read, or what was read before where it cannot be read now. */
export interface Reading<T> {
  readonly value: T;
  readonly isStale: boolean;
}

/**
 * @param name of what is read.
 * @param read rejects with StoreUnavailable in an outage.
 * @throws StoreUnavailable (rejects with it) when there is nothing to fall back on.
 */
export type ReadOrLast<T> = (name: string, read: () => Promise<T>) => Promise<Reading<T>>;

export interface StaleOptions {
  /** How old what is served may be, counted from before its read. Seconds. */
  readonly seconds: number;
  readonly table: TableState;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each failure that nobody saw, since something was served all the same. */
  readonly report?: (failure: unknown) => void;
}

const REMEMBERED_AT_MOST = 10_000;

/**
 * Reads, and where that fails, gives what was read last. Only what may let somebody in is kept: a denial would be the
 * caller's fault, and of something that may have changed since. What was read otherwise meanwhile is forgotten.
 * @param options undefined: an outage is one.
 * @param isKept whether a value that was read may be served later.
 */
export function createReadOrLast<T>(
  options: StaleOptions | undefined,
  isKept: (value: T) => boolean,
): ReadOrLast<T> {
  if (options === undefined) return async (_name, read) => ({ value: await read(), isStale: false });
  const { seconds, table, now, report } = options;
  const lastKnown = createMemory<{ readonly value: T }>({ atMost: REMEMBERED_AT_MOST, now });

  const ask = async (name: string, read: () => Promise<T>): Promise<Reading<T>> => {
    const untilMs = now() + seconds * 1000;
    try {
      const value = await read();
      table.answered();
      if (isKept(value)) lastKnown.set(name, { value }, untilMs);
      else lastKnown.forget(name);
      return { value, isStale: false };
    } catch (error) {
      if (isOutage(error)) table.failed();
      if (error instanceof RecordUnreadable) {
        table.answered();
        lastKnown.forget(name);
      }
      throw error;
    }
  };

  return async (name, read) => {
    const last = lastKnown.get(name);
    if (last === undefined) return ask(name, read);
    const stale = { value: last.value, isStale: true };
    if (!table.mayAsk()) return stale;
    try {
      return await soon(ask(name, read), table);
    } catch (failure) {
      if (!isOutage(failure)) throw failure;
      report?.(failure);
      return stale;
    }
  };
}

/** The reading that `read` gives, and `report` told of how it went: of one that failed, that it was tried. */
export async function reported<T>(
  read: () => Promise<Reading<T>>,
  report: ((result: LookupResult) => void) | undefined,
): Promise<Reading<T>> {
  let result: LookupResult = 'read';
  try {
    const reading = await read();
    if (reading.isStale) result = 'stale';
    return reading;
  } finally {
    report?.(result);
  }
}

const isOutage = (error: unknown): boolean =>
  error instanceof StoreUnavailable && !(error instanceof RecordUnreadable);

/** What comes later than that is still remembered. */
const soon = <T>(reading: Promise<T>, table: TableState): Promise<T> =>
  within(reading, WAIT_MS, () => {
    table.failed();
    throw new StoreUnavailable(`credentials table: no answer within ${WAIT_MS} ms`);
  });

/** Records that were served although they could not be read. What is read again is another object. */
const stale = new WeakSet<object>();

export function markStale<T extends object>(record: T): T {
  stale.add(record);
  return record;
}

export const isStale = (record: object): boolean => stale.has(record);

/** Whether a credential with its holder may say who may, and not who may not: that would have to be read. */
export const isFoundStale = ({ credential, holder }: { credential: object; holder: object }): boolean =>
  isStale(credential) || isStale(holder);
