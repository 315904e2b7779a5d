import { localApiKeys } from '../../bin/local/api-keys.ts';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import type { ConsumerStore, Outcome } from '../../lambda/consumers/store.ts';
import { startDynalite } from '../support/dynalite.ts';
import { closeAtEnd } from '../support/gateway.ts';

export interface TestTable {
  readonly endpoint: string;
  readonly tableName: string;
  readonly store: ConsumerStore;
}

/** The credentials table in memory, gone when the file's tests are over. @param options.plans usage plans, by name. */
export async function startTable({ plans = [] }: { plans?: readonly string[] } = {}): Promise<TestTable> {
  const { endpoint } = closeAtEnd(await startDynalite());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createDynamoDbClient({ endpoint, region: 'us-east-1', credentials });
  closeAtEnd({ close: async () => client.destroy() });
  const tableName = 'end-to-end';
  await ensureTable(client, tableName);
  return {
    endpoint,
    tableName,
    store: createDynamoDbStore({ client, tableName, apiKeys: localApiKeys(() => plans) }),
  };
}

/** @returns the value of an outcome that must be good. */
export function expectValue<T, Code extends string>(
  outcome: Outcome<T, Code> | { ok: false; code: string },
): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`expected success, got ${outcome.code}`);
}
