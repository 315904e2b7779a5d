import { GetRestApiCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { createApiGatewayClient } from '../../lambda/attachment/api-gateway-client.ts';
import type { RestApiAttachment } from '../../lambda/config/types.ts';
import { awsFinding } from './aws-finding.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, problem } = findingsIn('aws');

/** Whether the API to attach to is there, with its stages. Whether it is attached to is `drift`'s to say. */
export async function checkRestApi({ id, stages }: RestApiAttachment): Promise<Finding> {
  const client = createApiGatewayClient();
  try {
    await client.send(new GetRestApiCommand({ restApiId: id }));
    const { item: found = [] } = await client.send(new GetStagesCommand({ restApiId: id }));
    const missing = stages.filter((stage) => !found.some(({ stageName }) => stageName === stage));
    if (missing.length === 0)
      return ok(
        'rest_api',
        `restApi: the REST API ${id} is there, with ${stages.join(', ')}; jwt-authorizer drift tells whether it is protected`,
      );
    return problem(
      'stage_not_found',
      `restApi: the REST API ${id} has no stage ${missing.join(', ')}`,
      'name stages that it has, or deploy it to them first',
    );
  } catch (error) {
    return awsFinding('aws', error, {
      what: `the REST API ${id}`,
      options: 'restApi.id and --region',
      permissions: 'apigateway:GET on it and its stages',
    });
  } finally {
    client.destroy();
  }
}
