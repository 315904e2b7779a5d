import { ApiKeysUnavailable } from '../../lambda/consumers/api-keys.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { openApiKeysLater } from '../../lambda/consumers/open-api-keys.ts';
import type { ConsumerApi } from './consumer-api.ts';
import { storeApi } from './store-api.ts';

/** A deployed table, with the AWS SDK's own credentials; its region too, unless one is given. */
export function openTable(tableName: string, region: string | undefined): ConsumerApi {
  const client = createDynamoDbClient(region === undefined ? {} : { region });
  const apiKeys = openApiKeysLater({ tableName, ...(region !== undefined && { region }) });
  return storeApi({
    store: createDynamoDbStore({ client, tableName, apiKeys }),
    explain: (error) => whyUnreachable(error, tableName),
    close: async () => client.destroy(),
  });
}

/** What to do about the SDK's errors; their messages may quote what was sent. */
export function whyUnreachable(error: unknown, tableName: string): string {
  if (error instanceof ApiKeysUnavailable) {
    return `${error.message}; check that these AWS credentials may manage API keys of API Gateway, then try again`;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'the table cannot be reached; try again';
  if (/region is missing/i.test(cause.message)) return 'no AWS region; give --region, or set AWS_REGION';
  switch (cause.name) {
    case 'ResourceNotFoundException':
      return `there is no table ${tableName} in this region and account; check --table and --region`;
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return 'no AWS credentials were found; set AWS_PROFILE, or log in with `aws sso login` or `aws login`';
    case 'ExpiredTokenException':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
      return `AWS does not take these credentials (${cause.name}); log in again`;
    case 'AccessDeniedException':
      return `these AWS credentials may not use the table ${tableName}; use others with AWS_PROFILE`;
    default:
      return `the table ${tableName} cannot be reached (${cause.name}); check --region and the network, then try again`;
  }
}
