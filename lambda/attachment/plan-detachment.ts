import { giveBack } from './give-back.ts';
import type { JournalState } from './journal.ts';
import { type Live, routeOf } from './live.ts';
import type { Planned } from './plan.ts';
import { priorUnknown } from './plan-findings.ts';
import { publishing, usesOurs, wantedStages } from './stage-findings.ts';
import { expectedOf, intendedWith, methodChanges, reader, type Target, unused } from './targets.ts';

/**
 * What it takes to put back what was there before the first attachment, or everything that stands against it.
 *
 * A method that has our authorizer without a record of what it had before gets IAM: it came by a copy of another, and
 * would fail once the authorizer is gone.
 */
export function planDetach(journal: JournalState, live: Live): Planned {
  const { owner, wish } = journal;
  const given = giveBack(live, journal, journal.methods, wish.onDetach);
  const strays = straysOf(journal, live);
  const targets = [...given.targets, ...strays];
  const warnings = [...given.warnings, ...strays.map(({ method }) => priorUnknown(routeOf(method)))];
  const names = new Set([...Object.keys(journal.stages), ...wish.stages]);
  const attached = live.stages.filter(({ stageName }) => names.has(stageName));
  const stale = attached.filter(({ snapshot }) => usesOurs(snapshot, owner));
  const stages = wantedStages(
    stale.map(({ stageName }) => stageName),
    live,
  );
  const intended = intendedWith(targets, [], live);
  const edits = publishing(stale, { workingCopy: live.workingCopy.snapshot, intended }, owner, journal);
  const refusals = [...given.refusals, ...stages.refusals];
  (wish.deployPendingChanges ? warnings : refusals).push(...edits);
  if (refusals.length > 0) return { kind: 'refused', refusals, warnings };
  return {
    kind: 'plan',
    warnings,
    plan: {
      remember: [],
      authorizers: [],
      methods: methodChanges(targets, live),
      stages: stale.map(({ stageName }) => stageName),
      intended,
      expected: expectedOf(targets),
      forget: journal.methods,
      retire: unused(intended, live, owner),
    },
  };
}

function straysOf(journal: JournalState, live: Live): readonly Target[] {
  const records = new Set(journal.methods.map(routeOf));
  const { holderBefore } = reader(live, journal.owner);
  return live.workingCopy.methods
    .filter((method) => holderBefore(method) === 'ours' && !records.has(routeOf(method)))
    .map((method) => ({ method, to: { authorizationType: 'AWS_IAM' } }));
}
