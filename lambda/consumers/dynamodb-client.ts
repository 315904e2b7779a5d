/** The table's client in Lambda: short timeouts, since a caller of the API waits on the other side. */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';

const CONNECTION_TIMEOUT_MS = 500;
const REQUEST_TIMEOUT_MS = 1_000;
const MAX_ATTEMPTS = 3;

/**
 * @param overrides for a table that the SDK's own variables (`AWS_REGION`, `AWS_ENDPOINT_URL_DYNAMODB`, …) do
 * not name, such as an embedded one. @default the SDK's variables
 * @returns a client that keeps its connections, tries three times, and gives up on a try after 0.5 s without
 * a connection or 1 s without an answer.
 */
export function createDynamoDbClient(
  overrides: Pick<DynamoDBClientConfig, 'endpoint' | 'region' | 'credentials' | 'cacheMiddleware'> = {},
): DynamoDBClient {
  return withoutNodeVersionWarning(
    () =>
      new DynamoDBClient({
        ...overrides,
        maxAttempts: MAX_ATTEMPTS,
        requestHandler: {
          connectionTimeout: CONNECTION_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          // Without this the SDK only logs that the time is over, and waits on.
          throwOnRequestTimeout: true,
        },
      }),
  );
}
