import { asksForChanges, carryOut } from './carry-out.ts';
import type { JournalState } from './journal.ts';
import type { Live } from './live.ts';
import { type Stages, settleStages } from './move-stages.ts';
import { plan } from './plan-attachment.ts';
import { readLive } from './read-live.ts';
import type { Dependencies, Options, Reattach, Reconcile, ReconcileOutcome } from './run.ts';
import type { Wish } from './wish.ts';
import { underLease, unlessOutOfTime, type Work, watcher } from './work.ts';

export const reconcile: Reconcile = async (wish, dependencies, options = {}) => {
  if (options.dryRun) return look(wish, dependencies, options);
  const { restApiId, owner } = wish;
  const outcome = await underLease(restApiId, owner, dependencies, options, (work) => attach(work, wish));
  if (outcome.kind !== 'foreign') return outcome;
  // The plan lists everything that stands against it, the other's journal among it.
  const planned = await look(wish, dependencies, options);
  return planned.kind === 'planned' ? { kind: 'busy', untilMs: (dependencies.now ?? Date.now)() } : planned;
};

export const reattach: Reattach = async (restApiId, owner, dependencies, options = {}) => {
  const outcome = await underLease(restApiId, owner, dependencies, options, async (work) => {
    const known = await work.journal.read(restApiId);
    return known === undefined || known.phase === 'detaching' ? NOT_ATTACHED : attach(work, known.wish);
  });
  return outcome.kind === 'foreign' ? NOT_ATTACHED : outcome;
};

const NOT_ATTACHED = { kind: 'not_attached' } as const;

/** Reads and plans, and writes nothing. */
function look(
  wish: Wish,
  { controlPlane, journal, now = Date.now }: Dependencies,
  options: Options,
): Promise<ReconcileOutcome> {
  const watch = watcher(options, now);
  return unlessOutOfTime(async () => {
    const live = await readLive(controlPlane, wish.restApiId, (subject) => watch('read', subject));
    if (live === undefined) return noSuchApi(wish.restApiId);
    const planned = plan(wish, live, await journal.read(wish.restApiId));
    return planned.kind === 'refused' ? planned : { ...planned, kind: 'planned', live };
  });
}

async function attach(work: Work, wish: Wish): Promise<ReconcileOutcome> {
  const { controlPlane, restApiId, run } = work;
  const known = await work.journal.read(restApiId);
  const live = await readLive(controlPlane, restApiId, (subject) => work.begin('read', subject));
  if (live === undefined) return noSuchApi(restApiId);
  const settled = await settleStages(work, known?.stages ?? {}, live);
  if (settled.changed.length > 0) return { kind: 'changed_meanwhile', subjects: settled.changed };
  const planned = plan(wish, live, known);
  if (planned.kind === 'refused') return planned;

  const isAccepted = known !== undefined && isSame(known.wish, wish);
  const asks = asksForChanges(planned.plan);
  if (!isAccepted)
    await work.journal.update(restApiId, run, { wish, phase: 'attaching', stages: settled.stages });
  else if (asks && known.phase !== 'attaching')
    await work.journal.update(restApiId, run, { phase: 'attaching' });

  const { methods = [], deployment } = known ?? {};
  const done = await carryOut(work, planned.plan, {
    live,
    journal: { methods, deployment, stages: settled.stages },
    deployPendingChanges: wish.deployPendingChanges,
  });
  if (done.kind === 'changed_meanwhile') return done;

  const stages = withAll(wish.stages, done.stages, live);
  const isUpToDate = isAccepted && !asks && known.phase === 'attached' && isSame(known.stages, stages);
  if (!isUpToDate)
    await work.journal.update(restApiId, run, { phase: 'attached', deployment: undefined, stages });
  return { ...planned, kind: 'attached', live, isChanged: asks || done.retired.count > 0 };
}

/**
 * A stage that its owner deployed with the attachment in it was never moved, and is attached all the same. One that was
 * about to be moved, and was moved by its owner, is not about to be any more.
 */
function withAll(names: readonly string[], known: Stages, live: Live): JournalState['stages'] {
  const before = live.stages
    .filter(({ stageName }) => names.includes(stageName))
    .map(({ stageName, deploymentId }) => [stageName, { before: deploymentId }] as const);
  const moved = Object.entries(known).map(([name, { before: first, ours }]) => [
    name,
    { before: first, ours },
  ]);
  return { ...Object.fromEntries(before), ...Object.fromEntries(moved) };
}

const noSuchApi = (restApiId: string): ReconcileOutcome => ({
  kind: 'refused',
  refusals: [
    {
      code: 'api_not_found',
      message: `There is no REST API ${restApiId} in this account and region.`,
      subjects: [restApiId],
    },
  ],
  warnings: [],
});

/** As JSON, which is how the journal keeps it. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
