import { CreateTableCommand, type DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import { journalTableDefinition } from '../../lambda/attachment/journal-table.ts';
import { untilActive } from '../../lambda/consumers/create-table.ts';

/** The table as the stack makes it, once it answers. @param TableName one that nobody else makes: if it is there, a try made it whose answer came late. */
export async function createJournalTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const { partitionKey, sortKey } = journalTableDefinition;
  const creating = client.send(
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
  await creating.catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  await untilActive(client, TableName);
}
