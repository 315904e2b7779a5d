/** What is said about a plan: one function a finding, with what to do about it. */
import type { Difference } from './differences.ts';
import { type LiveMethod, routeOf } from './live.ts';
import type { ExpectedMethod, Finding } from './plan.ts';

const finding = (code: Finding['code'], subjects: readonly string[], message: string): Finding => ({
  code,
  subjects,
  message,
});

export const foreignJournal = (owner: string): Finding =>
  finding('foreign_journal', [owner], `the API is attached to ${owner}; detach it there first`);

export const noSuchStage = (stage: string): Finding =>
  finding('stage_not_found', [stage], `the API has no stage ${stage}; deploy it once, or correct the name`);

export const hasCanary = (stage: string): Finding =>
  finding(
    'canary',
    [stage],
    `${stage} has a canary, which answers a part of the requests from a deployment of its own; promote or delete it first`,
  );

export const tracesData = (stage: string): Finding =>
  finding(
    'data_tracing',
    [stage],
    `${stage} traces data: its execution log holds whole requests, tokens included; switch dataTraceEnabled off`,
  );

export const inherits = (stages: readonly string[]): Finding =>
  finding(
    'stage_inherits',
    stages,
    `${stages.join(', ')}: methods belong to the API, so what is changed here is live there too with the next deployment to it`,
  );

export const isLeft = (stage: string): Finding =>
  finding(
    'stage_left',
    [stage],
    `${stage} is no longer attached, and goes on serving the deployment that it has, authorizer included, until somebody deploys to it`,
  );

export const pending = (stage: string, edits: readonly Difference[]): Finding =>
  finding(
    'pending_edits',
    edits.map(({ name, kind }) => (kind === 'api' ? 'the API' : name)),
    `${stage} does not serve yet what others changed, and a deployment publishes it: ${edits.map(describe).join('; ')}. Unless that is meant (deployPendingChanges), deploy or undo it first`,
  );

function describe({ kind, name, settings }: Difference): string {
  const what = settings.join(', ');
  if (kind === 'api') return `the API (${what})`;
  return kind === 'authorizer' ? `authorizer ${name} (${what})` : `${name} (${what})`;
}

export const protectedByOther = (method: LiveMethod, shown: ExpectedMethod): Finding =>
  finding(
    'protected_by_other',
    [routeOf(method)],
    `${routeOf(method)} is protected by ${shown.authorizerName ?? shown.authorizationType}; exclude it, or set takeOver to protect it in that one's place`,
  );

export const attachedElsewhere = (method: LiveMethod, shown: ExpectedMethod): Finding =>
  finding(
    'attached_elsewhere',
    [routeOf(method)],
    `${routeOf(method)} has ${shown.authorizerName}, of another attachment; detach that one, or exclude the method`,
  );

export const conditionalPolicy = (routes: readonly string[]): Finding =>
  finding(
    'conditional_resource_policy',
    routes,
    "the API's resource policy allows somebody only, and whom it does not allow is denied. With an authorizer a token would be enough, from everywhere: API Gateway then lets in whom either of the two allows. Write what the policy asks for as Deny statements, which hold in any case, beside an Allow for everybody; then attach",
  );

export const closedPolicy = (routes: readonly string[]): Finding =>
  finding(
    'policy_allows_nobody',
    routes,
    "the API's resource policy allows nobody, so nobody could call these methods so far; with the authorizer, whoever has a token can, except whom the policy denies",
  );

export const priorGone = (route: string, name: string | undefined): Finding =>
  finding(
    'prior_authorizer_gone',
    [route],
    `${route} had the authorizer ${name ?? 'of another id'} before, which is gone; make one of that name, or set by hand what should stand before the method, which is then left alone`,
  );

export const tooManyAuthorizers = (most: number, names: readonly string[]): Finding =>
  finding(
    'too_many_authorizers',
    names,
    `API Gateway takes ${most} authorizers an API, and there is no room for ${names.join(', ')}; delete some that no method uses`,
  );

export const changedByOther = (route: string, shown: ExpectedMethod): Finding =>
  finding(
    'changed_by_other',
    [route],
    `${route} was changed by somebody since it was attached (${shown.authorizerName ?? shown.authorizationType}), and is left as it is`,
  );

export const priorUnknown = (route: string): Finding =>
  finding(
    'prior_unknown',
    [route],
    `${route} has our authorizer, and nothing tells what it had before; a detachment leaves it asking for IAM`,
  );

export const unreadablePath = (route: string): Finding =>
  finding(
    'path_not_understood',
    [route],
    `${route}: this path cannot be told from others; exclude its method`,
  );
