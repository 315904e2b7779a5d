import { contentOf, differences, type Grade, holds } from './content.ts';
import type { JournaledStage, Progress } from './journal.ts';
import type { Live } from './live.ts';
import { snapshotOfExport } from './project-export.ts';
import type { Snapshot } from './snapshot.ts';
import { lookAgain, type Work } from './work.ts';

/** What the journal holds of the stages, by name. */
export type Stages = Readonly<Record<string, JournaledStage>>;

/** What was found that nobody looked at before; empty: all is well. */
export interface Moved {
  readonly stages: Stages;
  readonly changed: readonly string[];
}

export interface Move {
  readonly deploymentId: string;
  readonly intended: Snapshot;
  readonly grade: Grade;
  /** What each stage served when the deployment was made. */
  readonly replaces: Readonly<Record<string, string>>;
  readonly live: Live;
}

/**
 * Points stages to a deployment, one after the other. Each is looked at before (somebody may have moved it since) and
 * after: what it serves then must be what was intended, or it is moved back.
 */
export async function moveStages(
  work: Work,
  names: readonly string[],
  known: Stages,
  move: Move,
): Promise<Moved> {
  let stages = known;
  const { deploymentId, intended, grade, replaces } = move;
  const { controlPlane, restApiId } = work;
  for (const [index, name] of names.entries()) {
    const from = replaces[name] ?? '';
    await work.begin('verify', name);
    const now = await controlPlane.getStage(restApiId, name);
    if (now?.deploymentId !== from || now.canarySettings !== undefined) return { stages, changed: [name] };
    const before = stages[name]?.before ?? from;
    const moving = { from, to: deploymentId, content: contentOf(intended, grade) };
    stages = await journaled(work, stages, name, { before, ours: stages[name]?.ours, moving });
    await work.begin('stage', name, index, names.length);
    await controlPlane.moveStage(restApiId, name, deploymentId);
    const served = await servedNow(work, name, move);
    const settled = await settle(work, stages, name, served);
    if (!settled.isGood) return { stages: settled.stages, changed: differences(intended, served, grade) };
    stages = settled.stages;
  }
  return { stages, changed: [] };
}

/** What a stage serves once it was moved: an answer that still tells what it served before may only be late. */
function servedNow(work: Work, name: string, { intended, live, grade }: Move): Promise<Snapshot> {
  const before = live.stages.find(({ stageName }) => stageName === name)?.snapshot;
  return lookAgain(
    work,
    async () => {
      await work.begin('verify', name);
      return snapshotOfExport(await work.controlPlane.getExport(work.restApiId, name));
    },
    (served) =>
      before === undefined ||
      contentOf(served, 'all') !== contentOf(before, 'all') ||
      contentOf(served, grade) === contentOf(intended, grade),
  );
}

/**
 * Ends what a killed run had begun: a stage that serves the deployment that it was being moved to is looked at, and its
 * cache emptied, now. One that does not was not moved, or moved by somebody else: it is planned for like any other.
 */
export async function settleStages(work: Work, known: Stages, live: Live): Promise<Moved> {
  let stages = known;
  for (const { stageName, deploymentId, snapshot } of live.stages) {
    if (stages[stageName]?.moving?.to !== deploymentId) continue;
    const settled = await settle(work, stages, stageName, snapshot);
    if (!settled.isGood) return { stages: settled.stages, changed: [stageName] };
    stages = settled.stages;
  }
  return { stages, changed: [] };
}

/** @param served what the stage serves since it was moved. */
async function settle(
  work: Work,
  stages: Stages,
  name: string,
  served: Snapshot,
): Promise<{ readonly stages: Stages; readonly isGood: boolean }> {
  const { before = '', moving, ours } = stages[name] ?? {};
  if (moving === undefined) return { stages, isGood: true };
  const isGood = holds(served, moving.content);
  if (!isGood) {
    await work.begin('verify', name);
    const now = await work.controlPlane.getStage(work.restApiId, name);
    // Somebody moved it since: what it serves is theirs, and nothing is to be taken back.
    if (now?.deploymentId !== moving.to)
      return { stages: await journaled(work, stages, name, { before, ours }, NO_DEPLOYMENT), isGood };
    await work.begin('stage', name);
    await work.controlPlane.moveStage(work.restApiId, name, moving.from);
  }
  // What was decided under the old authorizer is kept for as long as an hour.
  await work.begin('flush', name);
  await work.controlPlane.flushStage(work.restApiId, name);
  const stage = { before, ours: isGood ? moving.to : ours };
  return { stages: await journaled(work, stages, name, stage, isGood ? {} : NO_DEPLOYMENT), isGood };
}

/** What nobody is to serve must not be taken for ours by the next run. */
const NO_DEPLOYMENT = { deployment: undefined };

async function journaled(
  work: Work,
  stages: Stages,
  name: string,
  stage: JournaledStage,
  more: Partial<Progress> = {},
): Promise<Stages> {
  const all = { ...stages, [name]: stage };
  await work.journal.update(work.restApiId, work.run, { stages: all, ...more });
  return all;
}
