/** What the authorizer reads, and all that its bundle needs of the table. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, optional } from './attributes.ts';
import { getLiveItem, getLiveItems } from './dynamodb-get.ts';
import { consumerKey, isKeyId, recordKey } from './items.ts';
import { type Credential, type CredentialHolder, type CredentialReader, StoreUnavailable } from './model.ts';
import { parseApplication, parseCredential, parseUser } from './records.ts';

/**
 * @returns a reader that needs one round trip for a credential and one for its holder; by key, consistent.
 * Both reject with StoreUnavailable when the table fails or an item is not what we write (fail closed).
 */
export function createDynamoDbReader(table: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): CredentialReader {
  return {
    async readCredential(keyId) {
      // A `sub` that cannot be a keyId is unknown, not an outage: DynamoDB would refuse a key over 2,048 bytes.
      if (!isKeyId(keyId)) return undefined;
      const item = await getLiveItem(table, recordKey('cred', keyId));
      return item === undefined ? undefined : assertSame('keyId', keyId, parseCredential(item));
    },

    async readHolder(credential) {
      const { consumerType, consumerId } = credential;
      const owner = consumerType === 'application' ? [recordKey('user', ownerOf(credential))] : [];
      const [consumer, user] = await getLiveItems(table, [consumerKey(consumerType, consumerId), ...owner]);
      return consumerType === 'user' ? userHolder(consumer) : applicationHolder(credential, consumer, user);
    },
  };
}

const userHolder = (user: Item | undefined): CredentialHolder => optional('user', user && parseUser(user));

function applicationHolder(
  credential: Credential,
  applicationItem: Item | undefined,
  userItem: Item | undefined,
): CredentialHolder {
  const application = applicationItem && parseApplication(applicationItem);
  // An owner other than the application's would let a foreign user's state decide.
  if (application) assertSame('userId', ownerOf(credential), application);
  return { ...optional('application', application), ...userHolder(userItem) };
}

function ownerOf(credential: Credential): string {
  if (credential.ownerUserId !== undefined) return credential.ownerUserId;
  throw new StoreUnavailable('credentials table: an application credential without ownerUserId');
}

function assertSame<K extends string, T extends Readonly<Record<K, string>>>(
  name: K,
  value: string,
  record: T,
): T {
  if (record[name] === value) return record;
  throw new StoreUnavailable(`credentials table: ${name} contradicts the key it was read by`);
}
