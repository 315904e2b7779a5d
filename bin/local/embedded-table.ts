import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { levelFailureOf } from './level-failure.ts';
import { listen } from './listen.ts';
import { callStraight } from './straight-calls.ts';

/** The credentials table on an embedded DynamoDB (dynalite), which keeps its data in a folder. */
export interface EmbeddedTable {
  readonly endpoint: string;
  readonly tableName: string;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** Another process has the data folder: one owns it at a time. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

/**
 * What a client of the embedded table is made with, beside its endpoint. dynalite checks no signatures; the
 * credentials keep the user's own out of it.
 */
export const LOCAL_TABLE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** @throws DataFolderInUse when another process has it open, CommandFailure when it is damaged. */
export async function openEmbeddedTable(folder: string): Promise<EmbeddedTable> {
  const tableName = 'local-credentials';
  const path = join(folder, 'dynamodb');
  await assertFree(path);
  const server = dynalite({ path, createTableMs: 0 });
  const listener = refuseForeign(server);
  const { url, close } = await listen(server, '127.0.0.1', 0);
  const client = createDynamoDbClient({
    ...LOCAL_TABLE,
    endpoint: url,
    cacheMiddleware: true,
  });
  const closeStraight = callStraight(client, listener);
  await ensureTable(client, tableName);
  return {
    endpoint: url,
    tableName,
    client,
    close: async () => {
      await closeStraight();
      client.destroy();
      await close();
    },
  };
}

/**
 * dynalite answers any page of any browser on this machine, cross-origin requests included. Our own client
 * sends no Origin, and as Host the address that it was given; a rebound name is another.
 * @returns dynalite's own listener.
 */
function refuseForeign(server: Server): RequestListener {
  const [answer] = server.listeners('request') as RequestListener[];
  if (answer === undefined) throw new Error('dynalite has no listener');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { host, origin } = request.headers;
    if (origin === undefined && host === `127.0.0.1:${port}`) answer.call(server, request, response);
    else response.writeHead(403, { connection: 'close' }).end();
  });
  return answer;
}

/** dynalite ends the process when its store is locked, so the lock is tried before. */
async function assertFree(path: string): Promise<void> {
  const store = new ClassicLevel(path);
  try {
    await store.open();
  } catch (error) {
    throw whyNotOpened(path, error);
  } finally {
    await store.close();
  }
}

/** No wait helps but for another run's end; a table that may be whole is not said to be removed. */
function whyNotOpened(path: string, error: unknown): Error {
  const failure = levelFailureOf(error);
  switch (failure.kind) {
    case 'in use':
      return new DataFolderInUse(
        `${path} is in use by another run; stop it, or give another folder with --data`,
      );
    case 'damaged':
      return new CommandFailure(
        `${path} cannot be opened (it is damaged); restore it, remove it to begin with an empty table, or give another folder with --data`,
        { cause: error },
      );
    case 'out of reach':
      return new CommandFailure(
        `${path} cannot be opened (${failure.reason}); see to whose its files are, what they permit, and the space on its disk, or give another folder with --data`,
        { cause: error },
      );
  }
}
