import { GetRestApiCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { createApiGatewayClient } from '../../lambda/attachment/api-gateway-client.ts';
import type { RestApiAttachment } from '../../lambda/config/types.ts';
import { awsFinding } from './aws-finding.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, problem } = findingsIn('aws');

/** An API to look at. */
export interface AttachedApi {
  readonly id: string;
  /** Undefined: they were given with the deployment, and nothing here has them. */
  readonly stages: readonly string[] | undefined;
  /** What names it: an option of the configuration, or an output of the stack. */
  readonly namedBy: string;
}

/**
 * The API that is attached to: as the stack says, else as the configuration does.
 * @param deployed the id among the stack's outputs. The configuration's stages are those of its own API alone.
 */
export function attachedApiOf(
  restApi: Pick<RestApiAttachment, 'id' | 'stages'> | undefined,
  deployed: string | undefined,
): AttachedApi | undefined {
  if (deployed !== undefined && deployed !== restApi?.id)
    return { id: deployed, stages: undefined, namedBy: "the stack's output AttachedRestApiId" };
  return restApi && { id: restApi.id, stages: restApi.stages, namedBy: 'restApi' };
}

/** Whether the API to attach to is there, with its stages. Whether it is attached to is `drift`'s to say. */
export async function checkRestApi({ id, stages, namedBy }: AttachedApi): Promise<Finding> {
  const what = `${namedBy}: the REST API ${id}`;
  const client = createApiGatewayClient();
  try {
    await client.send(new GetRestApiCommand({ restApiId: id }));
    if (stages === undefined)
      return ok(
        'rest_api',
        `${what} is there; its stages were given with the deployment, and jwt-authorizer drift --rest-api-id ${id} tells whether it is protected`,
      );
    const { item: found = [] } = await client.send(new GetStagesCommand({ restApiId: id }));
    const missing = stages.filter((stage) => !found.some(({ stageName }) => stageName === stage));
    if (missing.length === 0)
      return ok(
        'rest_api',
        `${what} is there, with ${stages.join(', ')}; jwt-authorizer drift tells whether it is protected`,
      );
    return problem(
      'stage_not_found',
      `${what} has no stage ${missing.join(', ')}`,
      'name stages that it has, or deploy it to them first',
    );
  } catch (error) {
    return awsFinding('aws', error, {
      what: `the REST API ${id}`,
      options: stages === undefined ? '--stack and --region' : 'restApi.id and --region',
      permissions: 'apigateway:GET on it and its stages',
    });
  } finally {
    client.destroy();
  }
}
