import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { readerOf } from '../../lambda/consumers/table-reader.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { dataFolderOf, type Place } from '../consumers/open.ts';
import { hasLocalTable, takeLocalTable } from '../consumers/open-local.ts';
import { whyUnreachable } from '../consumers/open-table.ts';
import { LOCAL_TABLE } from '../local/embedded-table.ts';

/** The table as the authorizer reads it, wherever it is. */
export type OpenReader = ReturnType<typeof readerOf> & { close(): Promise<void> };

/** @throws StoreUnavailable with what a person can do about it. */
export async function openReader(place: Place): Promise<OpenReader> {
  const { table, region } = place;
  if (table !== undefined) {
    const client = createDynamoDbClient(region === undefined ? {} : { region });
    const reader = readerOf({ client, tableName: table });
    return {
      ...saying(reader, (error) => whyUnreachable(error, table)),
      close: async () => client.destroy(),
    };
  }
  const path = dataFolderOf(place);
  if (!hasLocalTable(path)) {
    throw new StoreUnavailable(
      `there is no local table in ${path}; give --table for a deployed one, or run jwt-authorizer start`,
    );
  }
  return openLocalReader(path);
}

async function openLocalReader(path: string): Promise<OpenReader> {
  const local = await takeLocalTable(path).catch((error: unknown) => {
    throw error instanceof CommandFailure ? new StoreUnavailable(error.message) : error;
  });
  if (local.kind === 'ours') return { ...readerOf(local.table), close: local.close };
  const { table } = local.gateway;
  if (table === undefined) {
    throw new StoreUnavailable('the gateway that runs on it does not say where its table is; start it again');
  }
  const client = createDynamoDbClient({ ...LOCAL_TABLE, endpoint: table.endpoint });
  const reader = readerOf({ client, tableName: table.tableName });
  return { ...reader, close: async () => client.destroy() };
}

/** The same reader, whose failures say what to do about them. */
function saying<T extends object>(reader: T, why: (error: unknown) => string): T {
  const wrap = (call: unknown) =>
    typeof call === 'function'
      ? (...args: unknown[]) =>
          (call(...args) as Promise<unknown>).catch((error: unknown) => {
            throw error instanceof StoreUnavailable
              ? new StoreUnavailable(why(error), { cause: error })
              : error;
          })
      : call;
  return Object.fromEntries(Object.entries(reader).map(([name, call]) => [name, wrap(call)])) as T;
}
