import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { openJournal } from '../../lambda/attachment/dynamodb-journal.ts';
import { testClient } from '../consumers/workbench.ts';
import type { TestDynamoDb } from '../support/dynalite.ts';
import { journalContract } from './journal-contract.ts';
import { createJournalTable } from './journal-table.ts';

export function dynamoDbJournalContract(name: string, start: () => Promise<TestDynamoDb>): void {
  const tableName = `journal-${randomUUID()}`;
  let server: TestDynamoDb;
  let client: DynamoDBClient;
  beforeAll(async () => {
    server = await start();
    client = testClient(server.endpoint);
    await createJournalTable(client, tableName);
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });
  journalContract(name, async (now) => openJournal({ client, tableName, now }));
}
