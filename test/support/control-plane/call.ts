import type { RestAnswer, RestCall } from '../rest-protocol.ts';
import { badRequest } from './refused.ts';
import type { RestApi } from './shapes.ts';

export type Operation =
  | 'GetRestApi'
  | 'GetResources'
  | 'GetMethod'
  | 'PutMethod'
  | 'UpdateMethod'
  | 'DeleteMethod'
  | 'GetAuthorizers'
  | 'GetAuthorizer'
  | 'CreateAuthorizer'
  | 'UpdateAuthorizer'
  | 'DeleteAuthorizer'
  | 'GetStages'
  | 'GetStage'
  | 'UpdateStage'
  | 'CreateDeployment'
  | 'GetDeployments'
  | 'GetDeployment'
  | 'DeleteDeployment'
  | 'GetExport'
  | 'FlushStageAuthorizersCache'
  | 'GetGatewayResponses';

/** `target` holds `restApiId`, `resourceId`, `httpMethod`, `stageName`, … */
export type Call = RestCall<Operation>;
export type Result = RestAnswer;

/** What an operation works with, beside the call. */
export interface Context {
  readonly api: RestApi;
  readonly nowMs: number;
  readonly newId: () => string;
}

export type Act = (call: Call, context: Context) => Result;

export const ok = (body: object): Result => ({ status: 200, body });
export const created = (body: object): Result => ({ status: 201, body });

export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value: string;
  readonly from: string;
}

/**
 * The patch operations of a call. All of them hold or none: **unproven**, since AWS's pages say no more than "in the
 * order specified in this list".
 * @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
 */
export function patchOf({ body }: Call): readonly PatchOperation[] {
  const operations = (body['patchOperations'] ?? []) as readonly Partial<PatchOperation>[];
  return operations.map(({ op = '', path = '', value = '', from = '' }) => {
    if (!path.startsWith('/')) throw badRequest(`Invalid patch path ${path}`);
    return { op, path, value, from };
  });
}

/** Seconds since 1970, as the protocol (restJson1) has moments. */
export const timestampOf = (ms: number): number => ms / 1000;

/** The value of a member of the body, if it is a text and not an empty one. */
export function textOf({ body }: Call, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
