/** The ways in which the table is changed: the Admin API, the command, and writes around both. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localApiKeys } from '../../bin/local/api-keys.ts';
import { withoutNodeVersionWarning } from '../../lambda/aws/node-version-warning.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { runCommand } from '../e2e/command.ts';
import { closeAtEnd } from '../support/gateway.ts';
import type { Served } from './served.ts';

/** What was not acknowledged may have been done, or not. */
export class NotAcknowledged extends Error {
  override readonly name = 'NotAcknowledged';
}

/** All throw NotAcknowledged when they do not get what they ask for. */
export interface Writers {
  admin(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>>;
  /** `jwt-authorizer …`, which finds the gateway by its data folder. */
  command(...args: readonly string[]): Promise<void>;
  /** Into the table; the gateway is not told. */
  direct<T>(write: (store: ConsumerStore) => Promise<Written<T>>): Promise<T>;
}

type Written<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

/** A client of the soak's: where the machine is busy, it waits. */
const PATIENCE_MS = 30_000;

export function openWriters({ adminUrl = '', table, config }: Served): Writers {
  if (table === undefined) throw new Error('a gateway without a table');
  const { endpoint, tableName } = table;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const requestHandler = { requestTimeout: PATIENCE_MS, throwOnRequestTimeout: true };
  const options = { endpoint, region: 'us-east-1', credentials, requestHandler, maxAttempts: 1 };
  const client = withoutNodeVersionWarning(() => new DynamoDBClient(options));
  closeAtEnd({ close: async () => client.destroy() });
  const store = createDynamoDbStore({ client, tableName, apiKeys: localApiKeys(() => []) });
  return {
    async direct(write) {
      const written = await write(store).catch(
        ({ message }) => ({ ok: false, code: String(message) }) as const,
      );
      if (written.ok) return written.value;
      throw new NotAcknowledged(written.code);
    },
    async admin(method, path, body) {
      const text = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(adminUrl + path, { method, ...text });
      const said = await answer.text();
      if (!answer.ok) throw new NotAcknowledged(`${method} ${path}: ${answer.status}`);
      return answer.headers.get('content-type')?.includes('json') ? JSON.parse(said) : {};
    },
    async command(...args) {
      const { code, stderr } = await runCommand(...args, '--config', config);
      if (code !== 0) throw new NotAcknowledged(`${args.join(' ')}: ${stderr.slice(0, 300)}`);
    },
  };
}
