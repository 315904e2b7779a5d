import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { journalTableDefinition } from '../../lambda/attachment/journal-table.ts';

/** The table as the stack makes it. */
export async function createJournalTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const { partitionKey, sortKey } = journalTableDefinition;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
    }),
  );
}
