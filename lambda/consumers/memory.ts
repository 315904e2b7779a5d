/** Remembers values by name for a time each; the one that was not asked for longest is forgotten first. */
export interface Memory<T> {
  /** @returns the value, undefined when there is none or its time is over. */
  get(name: string): T | undefined;
  /** The same, and it does not count as asked for. */
  peek(name: string): T | undefined;
  /** @param untilMs milliseconds since 1970. */
  set(name: string, value: T, untilMs: number): void;
  forget(name: string): void;
}

/** Where an answer came from; `stale`: what was read before, since it could not be read. */
export type LookupResult = 'remembered' | 'read' | 'stale';

interface Entry<T> {
  readonly value: T;
  readonly setAtMs: number;
  readonly untilMs: number;
}

/** @param now milliseconds since 1970. */
export function createMemory<T>({ atMost, now }: { atMost: number; now: () => number }): Memory<T> {
  // In the order in which they were last asked for.
  const entries = new Map<string, Entry<T>>();
  /** The last in that order, or one that is gone; it need not be moved. */
  let newest: string | undefined;
  // A clock that was set back would make its time longer.
  const isOver = ({ setAtMs, untilMs }: Entry<T>, nowMs: number) => nowMs >= untilMs || nowMs < setAtMs;
  return {
    get(name) {
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      const isPast = isOver(entry, now());
      if (isPast || name !== newest) entries.delete(name);
      if (isPast) return undefined;
      if (name !== newest) entries.set(name, entry);
      newest = name;
      return entry.value;
    },
    peek(name) {
      const entry = entries.get(name);
      return entry === undefined || isOver(entry, now()) ? undefined : entry.value;
    },
    set(name, value, untilMs) {
      entries.delete(name);
      const setAtMs = now();
      if (setAtMs >= untilMs) return;
      entries.set(name, { value, setAtMs, untilMs });
      newest = name;
      if (entries.size > atMost) entries.delete(entries.keys().next().value ?? '');
    },
    forget: (name) => void entries.delete(name),
  };
}

/**
 * Reads what will be remembered; callers at the same time share a read. Its time counts from before the read: what
 * is remembered is never older than that.
 * @param forMs how long. Milliseconds; 0 remembers nothing.
 * @param now milliseconds since 1970.
 */
export function readInto<T, More extends unknown[]>(
  memory: Pick<Memory<T>, 'set'>,
  { forMs, now }: { forMs: number; now: () => number },
  read: (name: string, ...more: More) => Promise<T>,
): (name: string, ...more: More) => Promise<T> {
  return shareCalls(async (name, ...more) => {
    const untilMs = now() + forMs;
    const value = await read(name, ...more);
    memory.set(name, value, untilMs);
    return value;
  }, now);
}

/** No call takes longer: a function that was frozen meanwhile slept through one that did. Its time limit, as for keys. */
const LONGEST_CALL_MS = 10_000;

/**
 * Callers at the same time share one call for the same name. What it gives is not kept. One that was slept through may
 * bring what was read before the sleep: who comes after it waits for its end, and calls anew.
 * @param call whose further arguments say no more than the name. It must end.
 * @param now milliseconds since 1970.
 */
export function shareCalls<T, More extends unknown[]>(
  call: (name: string, ...more: More) => Promise<T>,
  now: () => number,
): (name: string, ...more: More) => Promise<T> {
  const underWay = new Map<string, { readonly calling: Promise<T>; readonly sinceMs: number }>();
  const share = (name: string, ...more: More): Promise<T> => {
    const current = underWay.get(name);
    if (current !== undefined) {
      if (now() - current.sinceMs <= LONGEST_CALL_MS) return current.calling;
      const again = () => share(name, ...more);
      return current.calling.then(again, again);
    }
    const sinceMs = now();
    const calling = call(name, ...more).finally(() => underWay.delete(name));
    underWay.set(name, { calling, sinceMs });
    return calling;
  };
  return share;
}
