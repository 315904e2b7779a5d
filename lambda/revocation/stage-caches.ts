import { APIGatewayClient, FlushStageAuthorizersCacheCommand } from '@aws-sdk/client-api-gateway';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';
import type { Stage } from './stage.ts';

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 4_000;
/** The SDK waits longer each time, and longer when it was told to slow down (429). */
const MAX_ATTEMPTS = 4;

/**
 * Empties the authorizer cache of a stage. Region, endpoint and credentials are the AWS SDK's own.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
 */
export function openStageCaches(): (stage: Stage, signal: AbortSignal) => Promise<void> {
  const client = withoutNodeVersionWarning(
    () =>
      new APIGatewayClient({
        maxAttempts: MAX_ATTEMPTS,
        requestHandler: {
          connectionTimeout: CONNECTION_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          // Without this the SDK only logs that the time is over, and waits on.
          throwOnRequestTimeout: true,
        },
      }),
  );
  return async ({ restApiId, stageName }, abortSignal) => {
    await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName }), { abortSignal });
  };
}
