import { createDynamoDbClient } from './dynamodb-client.ts';
import { createDynamoDbReader } from './dynamodb-reader.ts';
import type { CredentialReader } from './model.ts';

/** The deployed table, as the authorizer reads it. Region, endpoint and credentials are the AWS SDK's own. */
export function openTable(tableName: string): CredentialReader {
  return createDynamoDbReader({ client: createDynamoDbClient(), tableName });
}
