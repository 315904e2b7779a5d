/**
 * The credentials table as data: the local gateway and the tests create it from this on an embedded
 * DynamoDB, the CDK stack defines it from this on AWS. No SDK here, since the stack imports it.
 * What lies in the table: items.ts.
 */
export const tableDefinition = {
  /** All key attributes, of the table and of its index, are strings. */
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds; DynamoDB deletes an item some time after. Nothing may rely on the deletion. */
  ttlAttribute: 'purgeAtSeconds',
  /** Sparse: only live users, applications and credentials carry its keys. For paged lists alone. */
  listingIndex: { name: 'listing', partitionKey: 'listPk', sortKey: 'listSk', projection: 'ALL' },
  /** Keys only, so that a stream never carries the secret of a key slot. */
  streamViewType: 'KEYS_ONLY',
} as const;
