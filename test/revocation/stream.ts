/** What a stream of the table would say of real writes: the items before and after each of them, in their order. */
import { randomUUID } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { STREAM_FILTERS } from '../../lambda/revocation/stream-filter.ts';
import { testClient } from '../consumers/workbench.ts';
import { matches } from './filter-patterns.ts';

type Item = Record<string, AttributeValue>;

/** As Lambda hands it over, without what we do not look at. */
export interface StreamRecord {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventSource: 'aws:dynamodb';
  readonly dynamodb: { readonly Keys: Item; readonly OldImage?: Item; readonly NewImage?: Item };
}

export interface StreamedStore {
  readonly store: ConsumerStore;
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** What has been written since it was asked for last. */
  take(): readonly StreamRecord[];
  close(): void;
}

/**
 * A store on a table of its own whose writes are noted. Item by item and one write at a time, so it is right
 * only for what one caller does, who waits for each write.
 */
export async function openStreamedStore(endpoint: string): Promise<StreamedStore> {
  const client = testClient(endpoint);
  const looking = testClient(endpoint);
  const tableName = `stream-${randomUUID()}`;
  await ensureTable(client, tableName);
  const records: StreamRecord[] = [];
  const read = async (Key: Item) =>
    (await looking.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;
  let turn: Promise<unknown> = Promise.resolve();
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const key = keyOf(commandName ?? '', args.input as Written);
        if (key === undefined) return next(args);
        const mine = turn.then(async () => {
          const before = await read(key);
          try {
            return await next(args);
          } finally {
            note(records, key, before, await read(key));
          }
        });
        turn = mine.catch(() => undefined);
        return mine;
      },
    { step: 'initialize' },
  );
  return {
    client,
    tableName,
    store: createDynamoDbStore({ client, tableName }),
    take: () => records.splice(0),
    close: () => {
      client.destroy();
      looking.destroy();
    },
  };
}

interface Written {
  readonly Key?: Item;
  readonly Item?: Item;
}

function keyOf(command: string, { Key, Item }: Written): Item | undefined {
  if (!['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand'].includes(command)) return undefined;
  const { pk, sk } = Key ?? Item ?? {};
  return pk && sk && { pk, sk };
}

/** A write that changes nothing is none in a stream. */
function note(records: StreamRecord[], Keys: Item, before: Item | undefined, after: Item | undefined): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const eventName = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
  const images = { ...(before && { OldImage: before }), ...(after && { NewImage: after }) };
  records.push({ eventName, eventSource: 'aws:dynamodb', dynamodb: { Keys, ...images } });
}

/** Those that Lambda would hand to the function. */
export const filtered = (records: readonly StreamRecord[]): readonly StreamRecord[] =>
  records.filter((record) => STREAM_FILTERS.some((pattern) => matches(pattern, record)));
