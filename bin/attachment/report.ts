import type { Live } from '../../lambda/attachment/live.ts';
import { holderOf } from '../../lambda/attachment/naming.ts';
import type { Finding, Plan } from '../../lambda/attachment/plan.ts';
import type { DetachOutcome, ReconcileOutcome } from '../../lambda/attachment/run.ts';
import type { Wish } from '../../lambda/attachment/wish.ts';
import { formatSelector } from '../../lambda/config/selector.ts';
import { type PlanSummary, summaryOf } from './plan-summary.ts';

/** What a run came to, for programs as well as for people. Plain JSON. */
export interface ChangeReport extends Partial<PlanSummary> {
  /** `unchanged`: all is as wished already. */
  readonly outcome: (ReconcileOutcome | DetachOutcome)['kind'] | 'unchanged';
  readonly restApiId: string;
  /** Undefined where nothing is attached. */
  readonly owner?: string;
  readonly stages: readonly string[];
  /** Selectors as one writes them; none: all methods but OPTIONS. */
  readonly routes: readonly string[];
  readonly warnings: readonly Finding[];
  readonly refusals: readonly Finding[];
  /** Of `changed_meanwhile`: what was; of `authorizer_in_use`: the stages that use it. */
  readonly subjects?: readonly string[];
  /** Of `busy`: when the other run counts as dead. ISO 8601. */
  readonly until?: string;
}

export type Verb = 'attach' | 'detach';

/** @param change.wish what it was about: of a detachment, what was attached. */
export function reportOf(
  { verb, wish }: { readonly verb: Verb; readonly wish: Wish },
  outcome: ReconcileOutcome | DetachOutcome,
): ChangeReport {
  const { restApiId, owner, stages, selectors } = wish;
  const about = { restApiId, owner, stages, routes: selectors.map(formatSelector) };
  const warnings = 'warnings' in outcome ? outcome.warnings : [];
  const refusals = outcome.kind === 'refused' ? outcome.refusals : [];
  return {
    outcome: isUnchanged(verb, outcome) ? 'unchanged' : outcome.kind,
    ...about,
    ...('plan' in outcome && summaryFor(outcome, wish)),
    warnings,
    refusals,
    ...(outcome.kind === 'changed_meanwhile' && { subjects: outcome.subjects }),
    ...(outcome.kind === 'authorizer_in_use' && { subjects: outcome.stages }),
    ...(outcome.kind === 'busy' && { until: new Date(outcome.untilMs).toISOString() }),
  };
}

/** Told by the stages that were asked for, not by those that merely share the working copy. */
const summaryFor = ({ plan, live }: { plan: Plan; live: Live }, { stages, owner }: Wish) =>
  summaryOf(
    plan,
    {
      ...live,
      stages: live.stages.filter(({ stageName }) => [...stages, ...plan.stages].includes(stageName)),
    },
    (name) => holderOf(name, owner) === 'ours',
  );

/** Of an attachment: where there is nothing left to do, or was nothing. A detachment always ends something. */
function isUnchanged(verb: Verb, outcome: ReconcileOutcome | DetachOutcome): boolean {
  if (outcome.kind === 'attached') return !outcome.isChanged;
  if (outcome.kind !== 'planned' || verb === 'detach') return false;
  const { remember, authorizers, methods, stages, forget, retire } = outcome.plan;
  return [remember, authorizers, methods, stages, forget, retire].every(({ length }) => length === 0);
}
