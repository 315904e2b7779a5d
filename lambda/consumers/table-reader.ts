import { createDynamoDbClient } from './dynamodb-client.ts';
import { createDynamoDbReader } from './dynamodb-reader.ts';
import type { Table } from './dynamodb-send.ts';
import type { KeyedReader } from './find-credential-keys.ts';
import type { RevocationReader } from './find-revocation.ts';
import { readCredentialKeys } from './key-slots.ts';
import type { CredentialReader } from './model.ts';

/** All that the authorizer reads. */
export type TableReader = CredentialReader & KeyedReader & RevocationReader;

/** The deployed table, as the authorizer reads it. Region, endpoint and credentials are the AWS SDK's own. */
export function openTable(tableName: string): TableReader {
  return readerOf({ client: createDynamoDbClient(), tableName });
}

/** The same of a table that is open. */
export function readerOf(table: Table): TableReader {
  return { ...createDynamoDbReader(table), readKeys: (keyId) => readCredentialKeys(table, keyId) };
}
