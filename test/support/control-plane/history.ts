/** What callers could reach at each instant: the history that the engine is held to. */
import type { Operation } from './call.ts';
import type { Deployment, RestApi } from './shapes.ts';

/** One of the deployments that answer a stage's requests. */
export interface Release {
  readonly kind: 'production' | 'canary';
  readonly deployment: Deployment;
}

export interface Instant {
  readonly atMs: number;
  /** `start`, the caller's operation, or somebody else (`owner`). */
  readonly by: 'start' | 'owner' | Operation;
  /** By stage. */
  readonly served: ReadonlyMap<string, readonly Release[]>;
  /** By the caller: a snapshot can still refer to one. */
  readonly deletedAuthorizerIds: ReadonlySet<string>;
}

/**
 * With a canary two deployments answer, by chance; at 0 % the canary answers nothing, at 100 % the stage's own
 * nothing.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
 */
export function servedBy({ stages, deployments }: RestApi): Map<string, readonly Release[]> {
  const release = (kind: Release['kind'], id: string): Release => {
    const deployment = deployments.get(id);
    if (deployment === undefined) throw new Error(`no deployment ${id} for a stage`);
    return { kind, deployment };
  };
  return new Map(
    [...stages.values()].map(({ stageName, deploymentId, canarySettings: canary }) => {
      const percent = canary?.percentTraffic ?? 0;
      return [
        stageName,
        [
          ...(percent < 100 ? [release('production', deploymentId)] : []),
          ...(canary !== undefined && percent > 0 ? [release('canary', canary.deploymentId)] : []),
        ],
      ];
    }),
  );
}

export const instantOf = (api: RestApi, by: Instant['by'], atMs: number): Instant => ({
  atMs,
  by,
  served: servedBy(api),
  deletedAuthorizerIds: new Set(api.deletedAuthorizerIds),
});

/** Whether callers can tell the one from the other. */
export function isSame(one: Instant, other: Instant): boolean {
  return marksOf(one) === marksOf(other);
}

const marksOf = ({ served, deletedAuthorizerIds }: Instant): string =>
  JSON.stringify([
    [...served].map(([stage, releases]) => [stage, ...releaseIds(releases)]),
    [...deletedAuthorizerIds],
  ]);

export const releaseIds = (releases: readonly Release[]): readonly string[] =>
  releases.map(({ kind, deployment }) => `${kind} ${deployment.id}`);
