/** What was asked, what came, and what of it was wrong. */
import type { Expected, Outcome } from './model.ts';

export interface Observed {
  readonly kind: string;
  readonly outcome: Outcome;
  readonly tookMs: number;
}

/** A wrong answer, without a token. */
export interface Wrong extends Observed, Expected {
  /** Since the start of the soak. */
  readonly atMs: number;
  readonly detail: string;
}

export interface Tally {
  record(observed: Observed, expected: Expected, more: () => Pick<Wrong, 'atMs' | 'detail'>): void;
  requests(): number;
  /** Of them, those for which one answer alone was right. */
  decided(): number;
  readonly kinds: ReadonlyMap<string, number>;
  readonly statuses: ReadonlyMap<string, number>;
  /** The first ones. */
  readonly wrong: readonly Wrong[];
  wrongs(): number;
  slowestMs(): number;
}

const SHOWN_AT_MOST = 20;

export function createTally(): Tally {
  const kinds = new Map<string, number>();
  const statuses = new Map<string, number>();
  const wrong: Wrong[] = [];
  let [requests, decided, wrongs, slowestMs] = [0, 0, 0, 0];
  const count = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1);
  return {
    record(observed, expected, more) {
      requests += 1;
      count(kinds, observed.kind);
      count(statuses, observed.outcome.slice(0, 3));
      slowestMs = Math.max(slowestMs, observed.tookMs);
      if (expected.outcomes.length === 1) decided += 1;
      if (expected.outcomes.includes(observed.outcome)) return;
      wrongs += 1;
      if (wrong.length < SHOWN_AT_MOST) wrong.push({ ...observed, ...expected, ...more() });
    },
    ...{ kinds, statuses, wrong },
    requests: () => requests,
    decided: () => decided,
    wrongs: () => wrongs,
    slowestMs: () => slowestMs,
  };
}
