import type { JournaledMethod, JournalState } from './journal.ts';
import { type Live, routeOf } from './live.ts';
import type { Finding } from './plan.ts';
import { changedByOther, priorGone } from './plan-findings.ts';
import { givenBack, isGivenBack } from './prior.ts';
import { reader, restored, type Target } from './targets.ts';

/**
 * Gives methods back what stood before them. One that somebody changed meanwhile is left as it is; one that is gone is
 * forgotten.
 */
export function giveBack(
  live: Live,
  journal: JournalState,
  methods: readonly JournaledMethod[],
  onDetach: 'restore' | 'deny',
): {
  readonly targets: readonly Target[];
  readonly refusals: readonly Finding[];
  readonly warnings: readonly Finding[];
} {
  const refusals: Finding[] = [];
  const warnings: Finding[] = [];
  const { shownBy, holderBefore, find } = reader(live, journal.owner);
  const targets = methods.flatMap((record) => {
    const route = routeOf(record);
    const method = find(route);
    if (method === undefined) return [];
    const shown = shownBy(method);
    if (holderBefore(method) !== 'ours') {
      // Of a run that was killed: what it gave back is given back.
      if (isGivenBack(shown, record.prior, journal)) return { method, to: shown };
      warnings.push(changedByOther(route, shown));
      return [];
    }
    const target = restored(method, givenBack(record.prior, onDetach), live);
    if (target === undefined) refusals.push(priorGone(route, record.prior.authorizerName));
    return target ?? [];
  });
  return { targets, refusals, warnings };
}
