import { APIGatewayClient, type APIGatewayClientConfig } from '@aws-sdk/client-api-gateway';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';

const CONNECTION_TIMEOUT_MS = 3_000;
/** The export of a large API takes seconds. */
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * A client that tries once: what is repeated, and what is looked at before, is the engine's to decide.
 * @param overrides @default the AWS SDK's own region, endpoint and credentials
 */
export const createApiGatewayClient = (
  overrides: Pick<APIGatewayClientConfig, 'endpoint' | 'region' | 'credentials'> = {},
): APIGatewayClient =>
  withoutNodeVersionWarning(
    () =>
      new APIGatewayClient({
        ...overrides,
        maxAttempts: 1,
        requestHandler: {
          connectionTimeout: CONNECTION_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          // Without this the SDK only logs that the time is over, and waits on.
          throwOnRequestTimeout: true,
        },
      }),
  );
