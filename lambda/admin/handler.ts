import { isRecord } from '../config/record.ts';
import { createDynamoDbStore } from '../consumers/dynamodb-store.ts';
import { openApiKeysLater } from '../consumers/open-api-keys.ts';
import { type AdminHandler, createAdminHandler } from './invocation.ts';
import { createPatientClient } from './table-client.ts';

/**
 * The function behind the Admin API's REST API. `CREDENTIALS_TABLE` names the table, and `USAGE_PLANS`, where the
 * configuration has plans, their ids by name (JSON); the SDK's own variables hold.
 * @throws Error at its start when the first is missing, or the second is not what it should be.
 */
function createHandler(environment: Readonly<Record<string, string | undefined>>): AdminHandler {
  const tableName = environment['CREDENTIALS_TABLE'];
  if (tableName === undefined || tableName === '') throw new Error('CREDENTIALS_TABLE is not set');
  const planIds = planIdsIn(environment['USAGE_PLANS']);
  return createAdminHandler({
    store: createDynamoDbStore({
      client: createPatientClient(),
      tableName,
      // Without plans, the function may do nothing to API keys.
      ...(planIds && { apiKeys: openApiKeysLater({ tableName, planIds }) }),
    }),
    // biome-ignore lint/suspicious/noConsole: standard output is the function's log
    write: (line) => console.log(line),
    now: Date.now,
  });
}

function planIdsIn(json: string | undefined): ReadonlyMap<string, string> | undefined {
  if (json === undefined) return undefined;
  const ids: unknown = JSON.parse(json);
  const entries = isRecord(ids) ? Object.entries(ids) : [];
  const isId = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  if (entries.length === 0 || !entries.every(isId)) throw new Error('USAGE_PLANS names no plans');
  return new Map(entries.filter(isId));
}

export const handler: AdminHandler = createHandler(process.env);
