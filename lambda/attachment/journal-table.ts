/**
 * The journal's table, in words that CDK and SDK share. No SDK here, since the stack imports it.
 * What lies in it: dynamodb-journal.ts.
 */
export const journalTableDefinition = {
  /** Both are strings. */
  partitionKey: 'restApiId',
  sortKey: 'sk',
} as const;
