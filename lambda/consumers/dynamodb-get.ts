/** Reads by key, always consistent: a deactivation must count from the moment it was acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, readText } from './attributes.ts';
import { sending, type Table } from './dynamodb-send.ts';
import { isLive, type Key } from './items.ts';
import { StoreUnavailable } from './model.ts';

/** DynamoDB's batches have at most so many keys. */
export const MAX_BATCH = 100;
const BATCH_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 20;

/** @throws StoreUnavailable */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const { client, tableName: TableName } = table;
  const command = new GetItemCommand({ TableName, Key: keyItem(key), ConsistentRead: true });
  const { Item: item } = await sending('GetItem', () => client.send(command));
  return item;
}

/** @returns the record, undefined when it does not count (see items.ts). @throws StoreUnavailable */
export async function getLiveItem(table: Table, key: Key): Promise<Item | undefined> {
  const item = await getItem(table, key);
  return item !== undefined && isLive(item) ? item : undefined;
}

/**
 * One round trip, unless DynamoDB leaves some keys unprocessed: those are asked for again, a bounded number
 * of times.
 * @param keys at most {@link MAX_BATCH}, all different.
 * @returns for each key its live record, in the order of the keys.
 * @throws StoreUnavailable also when keys stay unprocessed.
 */
export async function getLiveItems(
  table: Table,
  keys: readonly Key[],
): Promise<readonly (Item | undefined)[]> {
  const found = new Map<string, Item>();
  let missing: Item[] = keys.map(keyItem);
  for (let attempt = 0; missing.length > 0; attempt += 1) {
    if (attempt === BATCH_ATTEMPTS) throw new StoreUnavailable('credentials table: keys left unprocessed');
    // Unprocessed keys mean throttling: at once would be throttled again.
    if (attempt > 0) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    missing = await getBatch(table, missing, found);
  }
  return keys.map((key) => found.get(mapKey(key)));
}

/** @returns the keys that were left unprocessed. */
async function getBatch(table: Table, keys: Item[], found: Map<string, Item>): Promise<Item[]> {
  const { client, tableName } = table;
  const RequestItems = { [tableName]: { Keys: keys, ConsistentRead: true } };
  const answer = await sending('BatchGetItem', () => client.send(new BatchGetItemCommand({ RequestItems })));
  for (const item of answer.Responses?.[tableName] ?? []) {
    if (isLive(item)) found.set(mapKey({ pk: readText(item, 'pk'), sk: readText(item, 'sk') }), item);
  }
  return answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
}

export const keyItem = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

/** A key's name in a map. No sort key of ours contains a NUL, so no two keys meet. */
export const mapKey = ({ pk, sk }: Key): string => `${sk}\0${pk}`;
