/** What the authorizer reads, and all that its bundle needs of the table. */
import { type Item, optional, readOptionalNumber } from './attributes.ts';
import type { ReadTable } from './dynamodb-get.ts';
import type { RevocationReader, Revocations } from './find-revocation.ts';
import { gatherReads } from './gathered-reads.ts';
import { consumerKey, isKeyId, recordKey, revocationsKey, revokedJtiKey, revokedTokenKey } from './items.ts';
import { type CredentialHolder, type CredentialReader, type HeldBy, RecordUnreadable } from './model.ts';
import { parseApplication, parseCredential, parseUser } from './records.ts';

/**
 * @returns a reader that needs one round trip for a credential and one for its holder, and none more for the
 * revocations that are asked for together with one of the two; by key, consistent.
 * All reject with StoreUnavailable when the table fails or an item is not what we write (fail closed).
 */
export function createDynamoDbReader(table: ReadTable): CredentialReader & RevocationReader {
  const readItems = gatherReads(table);
  return {
    async readCredential(keyId) {
      // A `sub` that cannot be a keyId is unknown, not an outage: DynamoDB would refuse a key over 2,048 bytes.
      if (!isKeyId(keyId)) return undefined;
      const [item] = await readItems([recordKey('cred', keyId)]);
      return item === undefined ? undefined : assertSame('keyId', keyId, parseCredential(item));
    },

    async readHolder(credential) {
      const { consumerType, consumerId } = credential;
      const owner = consumerType === 'application' ? [recordKey('user', ownerOf(credential))] : [];
      const [consumer, user] = await readItems([consumerKey(consumerType, consumerId), ...owner]);
      return consumerType === 'user' ? userHolder(consumer) : applicationHolder(credential, consumer, user);
    },

    async readRevocations() {
      const [item] = await readItems([revocationsKey]);
      return item === undefined ? {} : parseRevocations(item);
    },

    async isTokenRevoked({ tokenHash, jtiHash }) {
      const ofJti = jtiHash === undefined ? [] : [revokedJtiKey(jtiHash)];
      const items = await readItems([revokedTokenKey(tokenHash), ...ofJti]);
      return items.some((item) => item !== undefined);
    },
  };
}

const parseRevocations = (item: Item): Revocations => ({
  ...optional('issuedBeforeSeconds', readOptionalNumber(item, 'issuedBeforeSeconds')),
  ...optional('tokensUntilSeconds', readOptionalNumber(item, 'tokensUntilSeconds')),
});

const userHolder = (user: Item | undefined): CredentialHolder => optional('user', user && parseUser(user));

function applicationHolder(
  credential: HeldBy,
  applicationItem: Item | undefined,
  userItem: Item | undefined,
): CredentialHolder {
  const application = applicationItem && parseApplication(applicationItem);
  // An owner other than the application's would let a foreign user's state decide.
  if (application) assertSame('userId', ownerOf(credential), application);
  return { ...optional('application', application), ...userHolder(userItem) };
}

function ownerOf(credential: HeldBy): string {
  if (credential.ownerUserId !== undefined) return credential.ownerUserId;
  throw new RecordUnreadable('credentials table: an application credential without ownerUserId');
}

function assertSame<K extends string, T extends Readonly<Record<K, string>>>(
  name: K,
  value: string,
  record: T,
): T {
  if (record[name] === value) return record;
  throw new RecordUnreadable(`credentials table: ${name} contradicts the key it was read by`);
}
