/** How often what the cases are for was among them: otherwise they would lose their point unnoticed. */
import { expect } from 'vitest';
import type { Case, RequestCase } from './case.ts';
import type { Answered } from './emulation.ts';
import { SPELLINGS } from './path-cases.ts';
import { verdictOf } from './resource-policy.ts';
import { NO_REVOCATIONS, type TableState } from './table.ts';

export interface Tally {
  requests: number;
  readonly counts: Map<string, number>;
}

export const newTally = (): Tally => ({ requests: 0, counts: new Map() });

/** Of all requests, the least share that each must have. */
const LEAST_SHARES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(SPELLINGS.map(([name]) => [name, 0.015])),
  cached: 0.06,
  HEAD: 0.1,
  'several policies': 0.3,
  'both modalities': 0.1,
  'beside a resource policy': 0.4,
  'let in beside a resource policy': 0.1,
  'refused by a resource policy': 0.05,
  'tokens revoked': 0.05,
  'after a change': 0.1,
  'as before a change': 0.0005,
  'other than before a change': 0.002,
  'while the function answers': 0.01,
  'outcome authenticated': 0.2,
  'outcome anonymous': 0.02,
  'outcome 401': 0.1,
  'outcome 403': 0.1,
};

/** How much of all requests each had, the most first. */
export function sharesOf({ requests, counts }: Tally): readonly (readonly [name: string, share: number])[] {
  const shares = [...counts].map(([name, times]) => [name, times / requests] as const);
  return shares.sort(([, one], [, other]) => other - one);
}

export interface Told {
  readonly api: Case;
  readonly request: RequestCase;
  readonly answer: Answered;
  readonly takesMs: number;
  readonly table: TableState;
  /** What it would have been in the states that may still count, the current one first. */
  readonly fresh: readonly Answered[];
}

export function count(tally: Tally, { api, request, answer, takesMs, table, fresh }: Told): void {
  tally.requests += 1;
  const { policies } = api.setup;
  const [now, ...before] = fresh.map(({ outcome }) => outcome);
  const isBesidePolicy = api.resourcePolicy !== undefined;
  const isLetIn = answer.outcome === 'authenticated' || answer.outcome === 'anonymous';
  const holds: readonly (readonly [string, boolean])[] = [
    ...SPELLINGS.map(([name, pattern]) => [name, pattern.test(request.path)] as const),
    ['cached', answer.isCached],
    [request.method, true],
    ['several policies', policies.length > 1],
    ['both modalities', new Set(policies.map(({ isControlled }) => isControlled)).size === 2],
    ['beside a resource policy', isBesidePolicy],
    ['let in beside a resource policy', isBesidePolicy && isLetIn],
    ['refused by a resource policy', verdictOf(api.resourcePolicy, request) === 'deny'],
    ['tokens revoked', table.revocations !== NO_REVOCATIONS],
    ['after a change', before.length > 0],
    ['as before a change', answer.outcome !== now],
    ['other than before a change', answer.outcome === now && before.some((outcome) => outcome !== now)],
    ['while the function answers', takesMs > 0],
    [`outcome ${answer.outcome}`, true],
  ];
  for (const [name, holdsHere] of holds) {
    if (holdsHere) tally.counts.set(name, (tally.counts.get(name) ?? 0) + 1);
  }
}

export function expectShares(tally: Tally): void {
  const shares = new Map(sharesOf(tally));
  const missed = Object.entries(LEAST_SHARES).filter(([name, least]) => (shares.get(name) ?? 0) < least);
  expect(missed.map(([name, least]) => `${name}: ${shares.get(name)} of ${least}`)).toEqual([]);
}
