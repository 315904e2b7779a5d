import type { LiveAuthorizer, LiveStage } from './live.ts';
import { readStages } from './read-live.ts';
import type { Work } from './work.ts';

export interface Retired {
  readonly count: number;
  /** Stages that serve a deployment with one of those that had to stay. */
  readonly usedBy: readonly string[];
}

/**
 * Removes authorizers that the working copy does not use any more, but for those that a stage's deployment may refer to:
 * the stages are read anew, since others may have deployed while methods still had them. What AWS makes of a snapshot
 * whose authorizer is gone nobody could see, so none is to come about.
 */
export async function retire(work: Work, authorizers: readonly LiveAuthorizer[]): Promise<Retired> {
  if (authorizers.length === 0) return { count: 0, usedBy: [] };
  const { controlPlane, restApiId, begin } = work;
  const stages = await readStages(controlPlane, restApiId, (subject) => begin('retire', subject));
  const usedBy = new Set<string>();
  let count = 0;
  for (const { id, name } of authorizers) {
    const users = stages.filter((stage) => mayUse(stage, name));
    for (const { stageName } of users) usedBy.add(stageName);
    if (users.length > 0) continue;
    await begin('retire', name, count, authorizers.length);
    await controlPlane.deleteAuthorizer(restApiId, id);
    count += 1;
  }
  return { count, usedBy: [...usedBy].sort() };
}

/** By name, which no two of an API share. A canary has a deployment of its own, which no export shows. */
const mayUse = ({ hasCanary, snapshot }: LiveStage, name: string): boolean =>
  hasCanary || [...snapshot.methods.values()].some(({ authorizerName }) => authorizerName === name);
