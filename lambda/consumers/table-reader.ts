import { createDynamoDbClient } from './dynamodb-client.ts';
import { createDynamoDbReader } from './dynamodb-reader.ts';
import type { Table } from './dynamodb-send.ts';
import type { KeyedReader } from './find-credential-keys.ts';
import type { RevocationReader } from './find-revocation.ts';
import { readCredentialKeys } from './key-slots.ts';
import type { CredentialReader } from './model.ts';

/** All that the authorizer reads. */
export type TableReader = CredentialReader & KeyedReader & RevocationReader;

/**
 * What is read of any item by the authorizer, and by who explains what it does: people's names and addresses are none of its business, and
 * free properties, of up to 64 KB, would be sent and parsed at each read. What is missing here is as if nobody had it: of some, such
 * as `phase` or `issuer`, that would let somebody in. As expressions have them, where three are words of DynamoDB's own.
 */
const USED = [
  'pk,sk,phase,attempt,isActive,createdAt,updatedAt',
  'keyId,#type,consumerId,consumerType,ownerUserId,scopes,issuer,apiKey,#plan,expiresAtSeconds',
  'keySlot,previousKeyUntilSeconds,keySecret,publicKey,algorithm',
  'id,userId,username,#name',
  'issuedBeforeSeconds,tokensUntilSeconds',
];
const projection = {
  ProjectionExpression: USED.join(),
  ExpressionAttributeNames: { '#type': 'type', '#name': 'name', '#plan': 'plan' },
};

/** The deployed table, as the authorizer reads it. Region, endpoint and credentials are the AWS SDK's own. */
export function openTable(tableName: string): TableReader {
  return readerOf({ client: createDynamoDbClient(), tableName });
}

/** The same of a table that is open. */
export function readerOf(whole: Table): TableReader {
  const table = { ...whole, projection };
  return { ...createDynamoDbReader(table), readKeys: (keyId) => readCredentialKeys(table, keyId) };
}
