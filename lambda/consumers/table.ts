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
  /**
   * Both images, without which nobody could tell a credential that is being made from one that loses a right;
   * a global table has no other. So for a day the stream carries key slots too, encrypted as the table is: whoever
   * may read it may read secrets. What flushes caches gets none of them (lambda/revocation/stream-filter.ts).
   */
  streamViewType: 'NEW_AND_OLD_IMAGES',
} as const;
