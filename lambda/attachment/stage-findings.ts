import { authorizersUsed } from './differences.ts';
import type { JournalState } from './journal.ts';
import type { Live, LiveStage } from './live.ts';
import { holderOf } from './naming.ts';
import { pendingEdits } from './pending-edits.ts';
import type { Finding } from './plan.ts';
import { hasCanary, inherits, isLeft, noSuchStage, pending, tracesData } from './plan-findings.ts';
import type { Snapshot } from './snapshot.ts';
import type { Wish } from './wish.ts';

/** The stages of these names, and what is to be said about them. */
export function wantedStages(names: readonly string[], { stages }: Live) {
  const found = stages.filter(({ stageName }) => names.includes(stageName));
  return {
    found,
    refusals: [
      ...names.filter((name) => !stages.some(({ stageName }) => stageName === name)).map(noSuchStage),
      ...found.filter((stage) => stage.hasCanary).map(({ stageName }) => hasCanary(stageName)),
    ],
    warnings: found.filter((stage) => stage.tracesData).map(({ stageName }) => tracesData(stageName)),
  };
}

/** Refused where a deployment to these stages would publish what others left undeployed. */
export const publishing = (
  stages: readonly LiveStage[],
  { workingCopy, intended }: { readonly workingCopy: Snapshot; readonly intended: Snapshot },
  owner: string,
  journal: JournalState | undefined,
): readonly Finding[] =>
  stages.flatMap(({ stageName, snapshot }) => {
    const edits = pendingEdits({ served: snapshot, workingCopy, intended }, owner, journal);
    return edits.length === 0 ? [] : pending(stageName, edits);
  });

/** Stages that were attached once, and are not any more. */
export const leftStages = (wish: Wish, live: Live, journal: JournalState | undefined): readonly Finding[] =>
  unwanted(wish, live)
    .filter(({ stageName, snapshot }) => isJournaled(stageName, journal) && usesOurs(snapshot, wish.owner))
    .map(({ stageName }) => isLeft(stageName));

/** Other stages, on which the next deployment changes what the wish changes. */
export function inheritingStages(
  wish: Wish,
  live: Live,
  journal: JournalState | undefined,
  differs: (stage: LiveStage) => boolean,
): readonly Finding[] {
  const names = unwanted(wish, live)
    .filter(({ stageName }) => !isJournaled(stageName, journal))
    .filter(differs)
    .map(({ stageName }) => stageName);
  return names.length === 0 ? [] : [inherits(names)];
}

const unwanted = (wish: Wish, { stages }: Live) =>
  stages.filter(({ stageName }) => !wish.stages.includes(stageName));

const isJournaled = (stageName: string, journal: JournalState | undefined): boolean =>
  journal !== undefined && Object.hasOwn(journal.stages, stageName);

/** Whether what a stage serves refers to an authorizer of this owner. */
export const usesOurs = (snapshot: LiveStage['snapshot'], owner: string): boolean =>
  [...authorizersUsed(snapshot)].some((name) => holderOf(name, owner) === 'ours');
