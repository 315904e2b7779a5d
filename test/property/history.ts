import type { TableState } from './table.ts';

/** The states that a table was in, and until when an answer may still rest on each. */
export interface History {
  readonly current: TableState;
  /**
   * The states on which an answer may rest now, the current one first. Credentials with their holders and
   * revocations are remembered apart: what was so of the one may meet what is so of the other.
   */
  countingAt(ms: number): readonly TableState[];
  /** @param takesAway what was so before may then count for the bound only. */
  change(next: TableState, change: { readonly atMs: number; readonly takesAway: boolean }): void;
}

interface Past {
  readonly table: TableState;
  readonly untilMs: number;
}

/**
 * @param boundMs how long after a change that takes away an answer may be what it was before.
 * @param keptMs how much longer it may after one that only gives: nobody flushes for it.
 */
export function createHistory(
  first: TableState,
  { boundMs, keptMs }: { readonly boundMs: number; readonly keptMs: number },
): History {
  let current = first;
  let past: readonly Past[] = [];
  return {
    get current() {
      return current;
    },
    countingAt(ms) {
      const counting = past.filter(({ untilMs }) => ms < untilMs).map(({ table }) => table);
      return mixed([current, ...counting]);
    },
    change(next, { atMs, takesAway }) {
      const untilMs = atMs + boundMs;
      past = [...past, { table: current, untilMs: untilMs + keptMs }];
      // The flush that it leads to is for all that was before.
      if (takesAway) past = past.map((one) => ({ ...one, untilMs: Math.min(one.untilMs, untilMs) }));
      current = next;
    },
  };
}

function mixed(tables: readonly TableState[]): readonly TableState[] {
  const revocations = new Set(tables.map((table) => table.revocations));
  const others = tables.filter(
    ({ credentials, users, applications }, i) =>
      i ===
      tables.findIndex(
        (one) => one.credentials === credentials && one.users === users && one.applications === applications,
      ),
  );
  return others.flatMap((table) => [...revocations].map((each) => ({ ...table, revocations: each })));
}
