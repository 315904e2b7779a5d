/** Stages: names that point to deployments. A canary points to a second one, for a part of the requests. */
import { type Act, type Call, type Context, ok, type PatchOperation, patchOf, timestampOf } from './call.ts';
import { badRequest, notFound, notModelled } from './refused.ts';
import type { CanarySettings, RestApi, Stage } from './shapes.ts';

export function stageOf({ target }: Call, { api }: Context): Stage {
  const stage = api.stages.get(target['stageName'] ?? '');
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return stage;
}

/** The members are recorded. */
const shown = ({ createdMs, lastUpdatedMs, settings, ...stage }: Stage) => ({
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
  ...settings,
  ...stage,
  createdDate: timestampOf(createdMs),
  lastUpdatedDate: timestampOf(lastUpdatedMs),
});

/** Not paged. `deploymentId` filters: recorded. @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html */
export const getStages: Act = ({ query }, { api }) => {
  const deploymentId = query.get('deploymentId');
  const stages = [...api.stages.values()].filter(
    (stage) => deploymentId === null || stage.deploymentId === deploymentId,
  );
  return ok({ item: stages.map(shown) });
};

export const getStage: Act = (call, context) => ok(shown(stageOf(call, context)));

/**
 * Takes effect at once. On AWS the data plane follows within seconds (LocalStack's tests on AWS ask up to ten times,
 * three seconds apart), in which old and new both answer: **not modelled**, since both stand in the history anyway.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
 */
export const updateStage: Act = (call, context) => {
  const stage = stageOf(call, context);
  const patched = structuredClone(stage);
  for (const operation of patchOf(call)) patch(context.api, patched, operation);
  patched.lastUpdatedMs = context.nowMs;
  context.api.stages.set(stage.stageName, patched);
  return ok(shown(patched));
};

function patch(api: RestApi, stage: Stage, operation: PatchOperation): void {
  const { op, path, value } = operation;
  // Recorded for `add` on the canary's deployment: every setting of a canary is replaced, also where there is none.
  if (op === 'add') throw badRequest(`Invalid add operation with path: ${path}`);
  if (op === 'copy') promote(stage, operation);
  else if (op === 'remove') remove(stage, path);
  else if (path === '/deploymentId') stage.deploymentId = existing(api, value);
  else if (path === '/description') stage.description = value;
  else if (path.startsWith('/canarySettings')) patchCanary(api, stage, operation);
  else if (/^\/variables\/[^/]+$/.test(path))
    stage.variables = { ...stage.variables, [path.slice('/variables/'.length)]: value };
  else throw notModelled(`UpdateStage on ${path}`);
}

/** Recorded for a canary's deployment; the stage's own is taken to answer alike. */
function existing({ deployments }: RestApi, id: string): string {
  if (!deployments.has(id)) throw badRequest('Deployment id does not exist');
  return id;
}

function remove(stage: Stage, path: string): void {
  if (path === '/canarySettings' && stage.canarySettings !== undefined) {
    delete stage.canarySettings;
    return;
  }
  const setting = path.slice(1);
  throw badRequest(
    `Cannot remove method setting ${setting} because there is no method setting for this method `,
  );
}

/** Recorded: one setting of a canary makes the whole of it, at 0 % and on the stage's own deployment. */
function patchCanary(api: RestApi, stage: Stage, { path, value }: PatchOperation): void {
  const canary: CanarySettings = stage.canarySettings ?? {
    deploymentId: stage.deploymentId,
    percentTraffic: 0,
    useStageCache: false,
  };
  const [, , name, variable] = path.split('/');
  if (name === 'deploymentId') canary.deploymentId = existing(api, value);
  else if (name === 'percentTraffic') canary.percentTraffic = Number(value);
  else if (name === 'useStageCache') canary.useStageCache = value === 'true';
  else if (name === 'stageVariableOverrides' && variable !== undefined)
    canary.stageVariableOverrides = { ...canary.stageVariableOverrides, [variable]: value };
  else throw badRequest(`Invalid method setting path: ${path}`);
  stage.canarySettings = canary;
}

/**
 * Promotion: the canary's deployment and variables become the stage's, and the canary stays until it is removed.
 * Answers and order are recorded.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/promote-canary-deployment.html
 */
function promote(stage: Stage, { path, from }: PatchOperation): void {
  const isKnown =
    (path === '/deploymentId' && from === '/canarySettings/deploymentId') ||
    (path === '/variables' && from === '/canarySettings/stageVariableOverrides');
  if (!isKnown)
    throw badRequest(
      `Invalid copy operation with path: ${path} and from ${from}. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]`,
    );
  const { canarySettings } = stage;
  if (canarySettings === undefined) throw badRequest('Promotion not available. Canary does not exist.');
  if (path === '/deploymentId') stage.deploymentId = canarySettings.deploymentId;
  else if (canarySettings.stageVariableOverrides !== undefined)
    stage.variables = { ...stage.variables, ...canarySettings.stageVariableOverrides };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html */
export const flushStageAuthorizersCache: Act = (call, context) => {
  const { stageName } = stageOf(call, context);
  context.api.flushed.push({ stageName, atMs: context.nowMs });
  return { status: 202 };
};
