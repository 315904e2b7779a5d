/**
 * Deployments: snapshots of the working copy, which nothing changes afterwards.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
import { type Act, type Call, type Context, created, ok, textOf, timestampOf } from './call.ts';
import { methodsOf } from './definition.ts';
import { pageOf } from './pages.ts';
import { badRequest, notFound } from './refused.ts';
import type { Deployment, RestApi, Stage } from './shapes.ts';

const shown = ({ id, description, createdMs }: Deployment) => ({
  id,
  description,
  createdDate: timestampOf(createdMs),
});

/**
 * With a stage's name the stage is moved to it, or made: whatever anybody left in the working copy is live at once.
 * Without, nothing is live. With `canarySettings` it becomes the canary of a stage that must be there (recorded). What
 * it does to a canary that a stage has, without `canarySettings`, is **unproven**: here the canary stays.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
 */
export const createDeployment: Act = (call, context) => {
  const { api, nowMs } = context;
  const stageName = textOf(call, 'stageName');
  const canary = call.body['canarySettings'] as CanaryInput | undefined;
  const stage = api.stages.get(stageName ?? '');
  assertDeployable(api);
  if (canary !== undefined) assertCanaryStage(call, stage);
  const deployment = snapshot(context, textOf(call, 'description'));
  if (stageName === undefined) return created(shown(deployment));
  if (stage !== undefined && canary !== undefined)
    stage.canarySettings = {
      deploymentId: deployment.id,
      percentTraffic: Number(canary.percentTraffic ?? 0),
      useStageCache: canary.useStageCache === true,
      ...(canary.stageVariableOverrides && { stageVariableOverrides: canary.stageVariableOverrides }),
    };
  else if (stage !== undefined) stage.deploymentId = deployment.id;
  else api.stages.set(stageName, newStage(stageName, deployment.id, nowMs));
  const changed = api.stages.get(stageName);
  if (changed !== undefined) changed.lastUpdatedMs = nowMs;
  return created(shown(deployment));
};

interface CanaryInput {
  readonly percentTraffic?: number;
  readonly useStageCache?: boolean;
  readonly stageVariableOverrides?: Record<string, string>;
}

/** Takes the snapshot: all of the working copy, down to the last member. */
export function snapshot({ api, newId, nowMs }: Context, description?: string): Deployment {
  const deployment: Deployment = {
    id: newId(),
    createdMs: nowMs,
    definition: structuredClone(api.definition),
    ...(description !== undefined && { description }),
  };
  api.deployments.set(deployment.id, deployment);
  return deployment;
}

export const newStage = (stageName: string, deploymentId: string, nowMs: number): Stage => ({
  stageName,
  deploymentId,
  createdMs: nowMs,
  lastUpdatedMs: nowMs,
  settings: {},
});

/** AWS's messages: terraform-provider-aws 21210 for the second; the first as moto has it. */
function assertDeployable({ definition }: RestApi): void {
  const all = methodsOf(definition);
  if (all.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (all.some(({ method }) => method.methodIntegration === undefined))
    throw badRequest('No integration defined for method');
}

/** Recorded, both. */
function assertCanaryStage(call: Call, stage: Stage | undefined): void {
  const stageName = call.body['stageName'];
  const invalid = 'Invalid deployment content specified.';
  if (stageName === undefined || stageName === '')
    throw badRequest(
      `${invalid}Non null and non empty stageName must be provided for canary deployment. Provided value is ${stageName ?? null}`,
    );
  if (stage === undefined)
    throw badRequest(
      `${invalid}Stage ${String(stageName)} must already be created before making a canary release deployment`,
    );
}

function deploymentOf({ target }: Call, { api }: Context): Deployment {
  const deployment = api.deployments.get(target['deploymentId'] ?? '');
  if (deployment === undefined) throw notFound('Invalid Deployment identifier specified');
  return deployment;
}

export const getDeployments: Act = ({ query }, { api }) => {
  const { items, position } = pageOf([...api.deployments.values()], query);
  return ok({ item: items.map(shown), position });
};

/**
 * `embed=apisummary` tells each method's type and whether it takes an API key, and **not** which authorizer.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSnapshot.html
 */
export const getDeployment: Act = (call, context) => {
  const deployment = deploymentOf(call, context);
  const embedded = call.query.getAll('embed');
  if (embedded.some((name) => name !== 'apisummary')) throw badRequest('Invalid embed parameter');
  if (embedded.length === 0) return ok(shown(deployment));
  const apiSummary: Record<string, Record<string, object>> = {};
  for (const { path, method } of methodsOf(deployment.definition)) {
    const { httpMethod, authorizationType, apiKeyRequired } = method;
    apiSummary[path] = { ...apiSummary[path], [httpMethod]: { authorizationType, apiKeyRequired } };
  }
  return ok({ ...shown(deployment), apiSummary });
};

/** Refused while a stage uses it, with 400 and not 409: recorded. For a canary's: **unproven**, so refused as well. */
export const deleteDeployment: Act = (call, context) => {
  const { id } = deploymentOf(call, context);
  const isUsed = [...context.api.stages.values()].some(
    ({ deploymentId, canarySettings }) => deploymentId === id || canarySettings?.deploymentId === id,
  );
  if (isUsed) throw badRequest('Active stages pointing to this deployment must be moved or deleted');
  context.api.deployments.delete(id);
  return { status: 202 };
};
