/**
 * The model behind HTTP on the loopback, in API Gateway's protocol (restJson1), so that the SDK's own requests,
 * retries and errors are seen: `new APIGatewayClient({ endpoint: origin, … })`.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html for the methods and paths
 */
import { text } from 'node:stream/consumers';
import { serve } from '../../keys/support.ts';
import { callTo, failed, type RestRoute, send } from '../rest-protocol.ts';
import type { Operation } from './call.ts';
import { type ControlPlaneModel, createControlPlaneModel, type ModelOptions } from './model.ts';

const api = '/restapis/{restApiId}';
const method = `${api}/resources/{resourceId}/methods/{httpMethod}`;
const authorizer = `${api}/authorizers/{authorizerId}`;
const deployment = `${api}/deployments/{deploymentId}`;
const stage = `${api}/stages/{stageName}`;

const ROUTES: readonly RestRoute<Operation>[] = [
  ['GET', api, 'GetRestApi'],
  ['GET', `${api}/resources`, 'GetResources'],
  ['GET', method, 'GetMethod'],
  ['PUT', method, 'PutMethod'],
  ['PATCH', method, 'UpdateMethod'],
  ['DELETE', method, 'DeleteMethod'],
  ['GET', `${api}/authorizers`, 'GetAuthorizers'],
  ['POST', `${api}/authorizers`, 'CreateAuthorizer'],
  ['GET', authorizer, 'GetAuthorizer'],
  ['PATCH', authorizer, 'UpdateAuthorizer'],
  ['DELETE', authorizer, 'DeleteAuthorizer'],
  ['GET', `${api}/deployments`, 'GetDeployments'],
  ['POST', `${api}/deployments`, 'CreateDeployment'],
  ['GET', deployment, 'GetDeployment'],
  ['DELETE', deployment, 'DeleteDeployment'],
  ['GET', `${api}/stages`, 'GetStages'],
  ['GET', stage, 'GetStage'],
  ['PATCH', stage, 'UpdateStage'],
  ['GET', `${stage}/exports/{exportType}`, 'GetExport'],
  ['DELETE', `${stage}/cache/authorizers`, 'FlushStageAuthorizersCache'],
  ['GET', `${api}/gatewayresponses`, 'GetGatewayResponses'],
];

export interface RestApiControlPlane {
  readonly model: ControlPlaneModel;
  readonly origin: string;
  close(): Promise<void>;
}

export async function startRestApiControlPlane(options: ModelOptions): Promise<RestApiControlPlane> {
  const model = createControlPlaneModel(options);
  const server = await serve(async (request, response) => {
    const call = callTo(ROUTES, request, await text(request));
    if (call === undefined) return send(response, failed('NotModelled', 404));
    const result = await model.handle(call).catch(modelFailed);
    return result === undefined ? request.socket.destroy() : send(response, result);
  });
  return { model, origin: server.origin, close: () => server.close() };
}

/** A mistake in the model, not in what it models. */
const modelFailed = (error: unknown) =>
  failed('ModelFailure', 501, error instanceof Error ? error.stack : String(error));
