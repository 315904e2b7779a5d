import { contentOf, differences, type Grade } from './content.ts';
import type { JournalState, PendingDeployment } from './journal.ts';
import type { Live } from './live.ts';
import { type Moved, moveStages, type Stages } from './move-stages.ts';
import type { Plan } from './plan.ts';
import { readWorkingCopy } from './read-live.ts';
import { lookAgain, type Work } from './work.ts';

export interface Publication {
  readonly plan: Pick<Plan, 'stages' | 'intended'>;
  readonly live: Live;
  /** As the journal has them. */
  readonly stages: Stages;
  readonly deployment: JournalState['deployment'];
  readonly grade: Grade;
}

/**
 * Makes a deployment of the working copy, looks at it, and moves the stages to it. Nothing is live before the deployment
 * was found to be what was planned; what slipped in all the same does not stay live.
 */
export async function publish(work: Work, publication: Publication): Promise<Moved> {
  const { plan, stages, grade } = publication;
  if (plan.stages.length === 0) return { stages, changed: [] };
  const { deployment, id } = await deploymentFor(work, publication);
  const changed = await foundIn(work, id, publication);
  const moved =
    changed.length > 0
      ? { stages, changed }
      : await moveStages(work, plan.stages, stages, {
          deploymentId: id,
          intended: plan.intended,
          grade,
          replaces: deployment.replaces,
          live: publication.live,
        });
  // What nobody is to serve must not be taken for ours by the next run.
  if (moved.changed.length > 0)
    await work.journal.update(work.restApiId, work.run, { deployment: undefined });
  return moved;
}

/** The deployment that a killed run made for the same, or a new one: it is journaled before it is made. */
async function deploymentFor(
  work: Work,
  { plan, live, deployment: pending }: Publication,
): Promise<{ readonly deployment: PendingDeployment; readonly id: string }> {
  const { controlPlane, journal, restApiId, run } = work;
  // Whatever may go live: a deployment that was made for something else lacks it.
  const content = contentOf(plan.intended, 'all');
  const replaces = Object.fromEntries(
    live.stages
      .filter(({ stageName }) => plan.stages.includes(stageName))
      .map(({ stageName, deploymentId }) => [stageName, deploymentId]),
  );
  // Where somebody deployed since, an older snapshot would take that back.
  const isSame =
    pending?.content === content &&
    Object.entries(replaces).every(([stageName, id]) => pending.replaces[stageName] === id);
  if (pending !== undefined && isSame) {
    await work.begin('deployment', restApiId);
    const found = await controlPlane.findDeployment(restApiId, pending.description);
    if (found !== undefined) return { deployment: pending, id: found };
  }
  const deployment = { description: `jwt-authorizer attachment ${work.newId()}`, content, replaces };
  await journal.update(restApiId, run, { deployment });
  await work.begin('deployment', restApiId);
  return { deployment, id: await controlPlane.createDeployment(restApiId, deployment.description) };
}

/** @returns in what a deployment is not as planned; empty: it is, as far as one can see before it is live. */
async function foundIn(
  work: Work,
  deploymentId: string,
  { plan, grade }: Publication,
): Promise<readonly string[]> {
  const isEmpty = (list: readonly string[]) => list.length === 0;
  const wrong = await lookAgain(work, () => wrongTypes(work, deploymentId, plan), isEmpty);
  if (!isEmpty(wrong)) return wrong;
  // A summary tells types alone. Whatever got into the deployment is still in the working copy.
  return lookAgain(work, () => wrongInWorkingCopy(work, plan, grade), isEmpty);
}

async function wrongTypes(
  work: Work,
  deploymentId: string,
  { intended }: Publication['plan'],
): Promise<readonly string[]> {
  await work.begin('verify', deploymentId);
  const summary = await work.controlPlane.getSummary(work.restApiId, deploymentId);
  if (summary === undefined) return [deploymentId];
  return [...new Set([...summary.keys(), ...intended.methods.keys()])]
    .filter((route) => {
      const is = summary.get(route);
      const planned = intended.methods.get(route);
      return (
        is?.authorizationType !== planned?.authorizationType || is?.apiKeyRequired !== planned?.apiKeyRequired
      );
    })
    .sort();
}

async function wrongInWorkingCopy(
  work: Work,
  { intended }: Publication['plan'],
  grade: Grade,
): Promise<readonly string[]> {
  const { controlPlane, restApiId } = work;
  const workingCopy = await readWorkingCopy(controlPlane, restApiId, (subject) =>
    work.begin('verify', subject),
  );
  return workingCopy === undefined ? [restApiId] : differences(intended, workingCopy.snapshot, grade);
}
