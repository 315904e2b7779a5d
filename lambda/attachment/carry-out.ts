import { changeWorkingCopy } from './change-working-copy.ts';
import type { JournalState } from './journal.ts';
import { type Live, routeOf } from './live.ts';
import type { Stages } from './move-stages.ts';
import type { Plan } from './plan.ts';
import { publish } from './publish.ts';
import { type Retired, retire } from './retire.ts';
import type { Work } from './work.ts';

/** What a plan is carried out on. */
export interface Ground {
  readonly live: Live;
  /** With stages as they were settled. */
  readonly journal: Pick<JournalState, 'methods' | 'stages' | 'deployment'>;
  readonly deployPendingChanges: boolean;
}

export type CarriedOut =
  | { readonly kind: 'changed_meanwhile'; readonly subjects: readonly string[] }
  | { readonly kind: 'done'; readonly stages: Stages; readonly retired: Retired };

/**
 * A plan's members in their order: what was there is journaled, then the working copy changed, then published; only then
 * is anything forgotten or removed. Killed anywhere, the plan for what is there then holds the rest.
 */
export async function carryOut(
  work: Work,
  plan: Plan,
  { live, journal, deployPendingChanges }: Ground,
): Promise<CarriedOut> {
  const overtaken = await changeWorkingCopy(work, plan, { live, journal });
  if (overtaken.length > 0) return { kind: 'changed_meanwhile', subjects: overtaken };
  const { stages, changed } = await publish(work, {
    plan,
    live,
    stages: journal.stages,
    deployment: journal.deployment,
    grade: deployPendingChanges ? 'protections' : 'all',
  });
  if (changed.length > 0) return { kind: 'changed_meanwhile', subjects: changed };
  for (const [index, method] of plan.forget.entries()) {
    await work.begin('forget', routeOf(method), index, plan.forget.length);
    await work.journal.forgetMethod(work.restApiId, method);
  }
  return { kind: 'done', stages, retired: await retire(work, plan.retire) };
}

/** Whether a plan asks for anything but the removal of what others may still use. */
export const asksForChanges = ({ remember, authorizers, methods, stages, forget }: Plan): boolean =>
  [remember, authorizers, methods, stages, forget].some((list) => list.length > 0);
