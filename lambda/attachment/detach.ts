import { carryOut } from './carry-out.ts';
import type { JournalState } from './journal.ts';
import { settleStages } from './move-stages.ts';
import { planDetach } from './plan-detachment.ts';
import { readLive } from './read-live.ts';
import type { Dependencies, Detach, DetachOptions, DetachOutcome, Options } from './run.ts';
import { underLease, unlessOutOfTime, type Work, watcher } from './work.ts';

export const detach: Detach = async (restApiId, owner, dependencies, options = {}) => {
  // Nothing is written for an API that this owner has nothing in.
  const known = await dependencies.journal.read(restApiId);
  if (known === undefined) return { kind: 'not_attached' };
  if (known.owner !== owner) return { kind: 'not_attached', owner: known.owner };
  if (options.dryRun) return look(withConsent(known, options), dependencies, options);
  const outcome = await underLease(restApiId, owner, dependencies, options, (work) => putBack(work, options));
  return outcome.kind === 'foreign' ? { kind: 'not_attached', owner: outcome.owner } : outcome;
};

/** Reads and plans, and writes nothing. */
function look(
  known: JournalState,
  { controlPlane, now = Date.now }: Dependencies,
  options: Options,
): Promise<DetachOutcome> {
  const watch = watcher(options, now);
  return unlessOutOfTime(async () => {
    const live = await readLive(controlPlane, known.restApiId, (subject) => watch('read', subject));
    if (live === undefined) return { kind: 'not_attached' };
    const planned = planDetach(known, live);
    return planned.kind === 'refused' ? planned : { ...planned, kind: 'planned', live };
  });
}

async function putBack(work: Work, options: DetachOptions): Promise<DetachOutcome> {
  const { controlPlane, journal, restApiId, run } = work;
  // Again: another run may have ended between the first look and the claim.
  const journaled = await journal.read(restApiId);
  if (journaled === undefined) return { kind: 'not_attached' };
  const known = withConsent(journaled, options);
  const live = await readLive(controlPlane, restApiId, (subject) => work.begin('read', subject));
  if (live === undefined) {
    await journal.forget(restApiId, run);
    return { kind: 'not_attached' };
  }
  const settled = await settleStages(work, known.stages, live);
  if (settled.changed.length > 0) return { kind: 'changed_meanwhile', subjects: settled.changed };
  const planned = planDetach(known, live);
  if (planned.kind === 'refused') return planned;
  if (known.phase !== 'detaching') await journal.update(restApiId, run, { phase: 'detaching' });

  const done = await carryOut(work, planned.plan, {
    live,
    journal: { ...known, stages: settled.stages },
    deployPendingChanges: known.wish.deployPendingChanges,
  });
  if (done.kind === 'changed_meanwhile') return done;
  const { usedBy } = done.retired;
  if (usedBy.length > 0) {
    // The journal stays: whoever calls again, once those stages are deployed anew, ends it.
    await journal.update(restApiId, run, { deployment: undefined, stages: done.stages });
    return { kind: 'authorizer_in_use', warnings: planned.warnings, stages: usedBy };
  }
  await work.begin('forget', restApiId);
  await journal.forget(restApiId, run);
  return { ...planned, kind: 'detached', live };
}

/** The consent of this once in the place of the attachment's. */
function withConsent(known: JournalState, options: DetachOptions): JournalState {
  const { deployPendingChanges = known.wish.deployPendingChanges } = options;
  return { ...known, wish: { ...known.wish, deployPendingChanges } };
}
