/** What a decision costs where its credential must be read: calls, and time with few and with many credentials. */

import { noApiKeys } from '../../../lambda/consumers/api-keys.ts';
import { ensureTable } from '../../../lambda/consumers/create-table.ts';
import { createDynamoDbStore } from '../../../lambda/consumers/dynamodb-store.ts';
import { startDynalite } from '../../support/dynalite.ts';
import { type Case, type Context, isWanted, type Table } from '../model.ts';
import { environmentOf, runProgram } from '../program.ts';
import { learnPattern, seedCredentials } from '../seed.ts';
import { openSeededTable } from '../seeded-table.ts';
import { benchClient, benchTable } from '../table.ts';

const FEW = 10;
const MANY = 1_000_000;

export const table: Case = {
  id: 'table',
  onEachNode: true,
  run: async (context) => [
    ...(isWanted(context, 'round-trips') ? [await roundTrips(context)] : []),
    ...(isWanted(context, 'table-size') ? await tableSize(context) : []),
  ],
};

/** @returns requests to DynamoDB for a decision. */
export async function roundTrips(context: Pick<Context, 'node' | 'folder' | 'rounds'>): Promise<Table> {
  const server = await startDynalite();
  const { endpoint } = server;
  const client = benchClient(endpoint);
  try {
    const pattern = await learnPattern();
    for (const tableName of ['bench', 'revoked']) {
      await ensureTable(client, tableName);
      await seedCredentials({ endpoint, tableName }, context.rounds, pattern);
    }
    const store = createDynamoDbStore({ client, tableName: 'revoked', apiKeys: noApiKeys });
    const revoked = await store.revokeToken({ jti: 'another' });
    if (!revoked.ok) throw new Error(revoked.code);
    const env = environmentOf(benchTable(endpoint, 'bench', () => server.close()));
    return {
      id: 'round-trips',
      title: 'Requests to DynamoDB for a decision',
      unit: 'calls',
      rows: await runProgram(context, 'round-trips.mjs', {
        args: [context.rounds],
        env: { ...env, REVOKED_TABLE: 'revoked', BENCH_KEY_SECRET: pattern.keySecret },
      }),
    };
  } finally {
    client.destroy();
    await server.close();
  }
}

/** @returns what a decision that reads takes with each of two tables: by the clock, and of the processor for its process. */
export async function tableSize(context: Context, folder?: string): Promise<readonly [Table, Table]> {
  const { credentials = MANY } = context;
  const few = await openSeededTable(FEW, folder);
  try {
    const many = await openSeededTable(credentials, folder);
    try {
      const { clock, cpu } = await runProgram<Sizes>(context, 'table-size.mjs', {
        args: [FEW, credentials, context.rounds],
        env: { ...environmentOf(few), FEW_ENDPOINT: few.endpoint, MANY_ENDPOINT: many.endpoint },
      });
      const title = 'A decision that reads its credential';
      return [
        { id: 'table-size', title, unit: 'µs', rows: clock },
        { id: 'table-size-cpu', title: `${title}: CPU time of its process`, unit: 'µs', rows: cpu },
      ];
    } finally {
      await many.close();
    }
  } finally {
    await few.close();
  }
}

type Sizes = Readonly<Record<'clock' | 'cpu', Table['rows']>>;
