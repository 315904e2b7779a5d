import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 4_000;
const MAX_ATTEMPTS = 4;

/**
 * The table's client of the Admin API: more patient than the authorizer's. A write that is given up on may
 * have taken effect all the same, and whoever manages consumers would rather wait than look.
 * @returns a client after the SDK's own variables (`AWS_REGION`, `AWS_ENDPOINT_URL_DYNAMODB`, …), which tries
 * four times and gives up on a try after 1 s without a connection or 4 s without an answer.
 */
export function createPatientClient(): DynamoDBClient {
  return withoutNodeVersionWarning(
    () =>
      new DynamoDBClient({
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
