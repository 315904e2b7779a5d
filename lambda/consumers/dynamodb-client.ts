/** The table's client in Lambda: short timeouts, since a caller of the API waits on the other side. */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

const CONNECTION_TIMEOUT_MS = 500;
const REQUEST_TIMEOUT_MS = 1_000;
const MAX_ATTEMPTS = 3;
const NO_NODE_VERSION_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * @param overrides for a table that the SDK's own variables (`AWS_REGION`, `AWS_ENDPOINT_URL_DYNAMODB`, …) do
 * not name, such as an embedded one. @default the SDK's variables
 * @returns a client that keeps its connections, tries three times, and gives up on a try after 0.5 s without
 * a connection or 1 s without an answer.
 */
export function createDynamoDbClient(
  overrides: Pick<DynamoDBClientConfig, 'endpoint' | 'region' | 'credentials'> = {},
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

/**
 * The SDK warns on stderr, once a process, that Node 20 goes out of its support: nothing that a user of ours
 * can act on. Its own switch is set for the constructor alone, so that no child process inherits it and no
 * other warning is hidden; a value that the user has set stays.
 */
function withoutNodeVersionWarning<T>(construct: () => T): T {
  if (process.env[NO_NODE_VERSION_WARNING] !== undefined) return construct();
  process.env[NO_NODE_VERSION_WARNING] = 'true';
  try {
    return construct();
  } finally {
    delete process.env[NO_NODE_VERSION_WARNING];
  }
}
