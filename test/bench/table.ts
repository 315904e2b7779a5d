/** The credentials table of a run: in memory, with the one credential that its tokens name. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { noApiKeys } from '../../lambda/consumers/api-keys.ts';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { startDynalite } from '../support/dynalite.ts';

/** What a function is told of the table. */
export interface BenchTable {
  readonly name: string;
  readonly endpoint: string;
  /** Region and credentials, as the AWS SDK takes them. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startBenchTable(): Promise<BenchTable> {
  const tableName = 'bench';
  const server = await startDynalite();
  const client = benchClient(server.endpoint);
  await ensureTable(client, tableName);
  const store = createDynamoDbStore({ client, tableName, apiKeys: noApiKeys });
  const user = await store.createUser({ username: 'ada', firstname: 'Ada', lastname: 'Lovelace' });
  if (!user.ok) throw new Error(user.code);
  const made = await store.createCredential({ consumerId: user.value.id, keyId: 'user-1' });
  if (!made.ok) throw new Error(made.code);
  client.destroy();
  return benchTable(server.endpoint, tableName, () => server.close());
}

export function benchClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return createDynamoDbClient({ endpoint, region: 'us-east-1', credentials });
}

export const benchTable = (endpoint: string, name: string, close: () => Promise<void>): BenchTable => ({
  ...{ name, endpoint, close },
  environment: {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  },
});
