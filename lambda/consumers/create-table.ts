/** Makes the table on an embedded DynamoDB (local gateway, tests). On AWS the stack defines it. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { sending } from './dynamodb-send.ts';
import { StoreUnavailable } from './model.ts';
import { tableDefinition } from './table.ts';

const POLL_MS = 50;
const GIVE_UP_MS = 30_000;

/**
 * Idempotent: an existing table of that name is taken as it is. Time to live is not switched on: what it
 * would remove does not count anyway, and dynalite has no such call.
 * @returns once the table is ACTIVE.
 * @throws StoreUnavailable when it cannot be reached, or is not active after 30 s.
 */
export async function ensureTable(client: DynamoDBClient, tableName: string): Promise<void> {
  await sending('CreateTable', async () => {
    try {
      await client.send(new CreateTableCommand(createTableInput(tableName)));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  });
  await untilActive(client, tableName);
}

/** A table that is made answers no request before. @throws StoreUnavailable as {@link ensureTable}. */
export async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  while (!(await isActive(client, tableName))) {
    if (Date.now() > deadline) throw new StoreUnavailable('credentials table: not active after 30 s');
    await sleep(POLL_MS);
  }
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await sending('DescribeTable', () =>
    client.send(new DescribeTableCommand({ TableName })),
  );
  const indexes = Table?.GlobalSecondaryIndexes ?? [];
  return Table?.TableStatus === 'ACTIVE' && indexes.every((index) => index.IndexStatus === 'ACTIVE');
}

function createTableInput(TableName: string): CreateTableCommandInput {
  const { partitionKey, sortKey, listingIndex } = tableDefinition;
  const names = [partitionKey, sortKey, listingIndex.partitionKey, listingIndex.sortKey];
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: listingIndex.name,
        KeySchema: [
          { AttributeName: listingIndex.partitionKey, KeyType: 'HASH' },
          { AttributeName: listingIndex.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: listingIndex.projection },
      },
    ],
  };
}
