import { createDynamoDbStore } from '../consumers/dynamodb-store.ts';
import { type AdminHandler, createAdminHandler } from './invocation.ts';
import { createPatientClient } from './table-client.ts';

/**
 * The function behind the Admin API's REST API. `CREDENTIALS_TABLE` names the table; the SDK's own variables
 * hold.
 * @throws Error at its start when the variable is missing.
 */
function createHandler(environment: Readonly<Record<string, string | undefined>>): AdminHandler {
  const tableName = environment['CREDENTIALS_TABLE'];
  if (tableName === undefined || tableName === '') throw new Error('CREDENTIALS_TABLE is not set');
  return createAdminHandler({
    store: createDynamoDbStore({ client: createPatientClient(), tableName }),
    // biome-ignore lint/suspicious/noConsole: standard output is the function's log
    write: (line) => console.log(line),
    now: Date.now,
  });
}

export const handler: AdminHandler = createHandler(process.env);
