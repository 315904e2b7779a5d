import { changesOf } from './differences.ts';
import type { JournalState } from './journal.ts';
import { type Live, type LiveStage, type MethodName, routeOf } from './live.ts';
import { authorizersFor } from './naming.ts';
import { servedTo } from './served.ts';
import { spelledAuthorizer } from './spelling.ts';

/** What is served otherwise than it was attached. */
export interface Drift {
  readonly code: DriftCode;
  /** Undefined: it is about the API. */
  readonly stage: string | undefined;
  /** Methods (`GET /orders`); empty where it is about a stage or the API as a whole. */
  readonly subjects: readonly string[];
  readonly message: string;
}

export type DriftCode =
  | 'api_gone'
  | 'stage_gone'
  /** A canary answers a part of the requests from a deployment of its own, which nothing shows. */
  | 'canary'
  /** Attached, and served without our authorizer. */
  | 'reopened'
  /** Selected, and never attached: it was added since. */
  | 'unprotected'
  /** Served with an authorizer that is ours by its name, and not by what it calls or how it keeps answers. */
  | 'authorizer_changed';

/**
 * Compares what the attached stages serve with what was attached: the owner's own rollback or import can open methods
 * again, and a deployment can bring new ones.
 *
 * @param live undefined: the API is gone.
 * @returns nothing while a detachment is under way.
 */
export function findDrift(journal: JournalState, live: Live | undefined): readonly Drift[] {
  const { phase, wish, restApiId } = journal;
  if (phase === 'detaching') return [];
  if (live === undefined)
    return [{ code: 'api_gone', stage: undefined, subjects: [], message: `the API ${restApiId} is gone` }];
  return wish.stages.flatMap((name) => {
    const stage = live.stages.find(({ stageName }) => stageName === name);
    return stage === undefined
      ? [{ code: 'stage_gone' as const, stage: name, subjects: [], message: `the stage ${name} is gone` }]
      : stageDrift(journal, stage);
  });
}

/** Of how many methods something is wrong, each counted once a stage: the metric `DriftedMethods`. */
export const countDriftedMethods = (drifts: readonly Drift[]): number =>
  new Set(drifts.flatMap(({ stage, subjects }) => subjects.map((route) => `${stage} ${route}`))).size;

function stageDrift({ wish, methods }: JournalState, stage: LiveStage): readonly Drift[] {
  const { stageName, snapshot, hasCanary } = stage;
  const journaled = new Set(methods.map(routeOf));
  const { open, meant, selected } = servedTo(wish, snapshot);
  const told = (code: DriftCode, subjects: readonly string[], message: string): Drift[] =>
    subjects.length === 0 ? [] : [{ code, stage: stageName, subjects, message: `${stageName}: ${message}` }];
  const reopened = open.filter((route) => journaled.has(route));
  const unprotected = open.filter((route) => meant.has(route) && !journaled.has(route));
  const changed = withChangedAuthorizer(wish, snapshot, selected);
  return [
    ...told('reopened', reopened, `served without the authorizer: ${reopened.join(', ')}`),
    ...told('unprotected', unprotected, `selected, and not attached yet: ${unprotected.join(', ')}`),
    ...told('authorizer_changed', changed, `served with another authorizer of ours: ${changed.join(', ')}`),
    ...(hasCanary ? [canary(stageName)] : []),
  ];
}

const canary = (stage: string): Drift => ({
  code: 'canary',
  stage,
  subjects: [],
  message: `${stage} has a canary, of which nothing is known`,
});

function withChangedAuthorizer(
  wish: JournalState['wish'],
  snapshot: LiveStage['snapshot'],
  selected: readonly MethodName[],
): readonly string[] {
  const { authorizers } = authorizersFor(
    wish,
    selected.map(({ path }) => path),
  );
  const changed = authorizers
    .filter(
      (wanted) =>
        changesOf(snapshot.authorizers.get(wanted.name) ?? {}, spelledAuthorizer(wanted)).length > 0,
    )
    .map(({ name }) => name);
  return selected.map(routeOf).filter((route) => {
    const name = snapshot.methods.get(route)?.authorizerName;
    return name !== undefined && changed.includes(name);
  });
}
