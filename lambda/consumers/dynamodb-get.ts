/**
 * Reads by key, always consistent: a deactivation must count from the moment it was acknowledged. Each is held to have
 * been answered by DynamoDB, about the keys that were asked for: to whom an answer is empty for another reason, such as
 * one of a proxy between, nobody would have a credential, and nothing would be revoked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, GetItemCommand, type GetItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.ts';
import { sending, type Table } from './dynamodb-send.ts';
import { isLive, type Key } from './items.ts';
import { StoreUnavailable } from './model.ts';

/** A table of which somebody reads a part. */
export interface ReadTable extends Table {
  /** The attributes that are read. @default all */
  readonly projection?: Pick<GetItemCommandInput, 'ProjectionExpression' | 'ExpressionAttributeNames'>;
}

/** DynamoDB's batches have at most so many keys. */
export const MAX_BATCH = 100;
const BATCH_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 20;

/**
 * The time that one call may take, its tries included. The client's own limits end with an answer's head: a body that
 * drips, or never comes, would be waited for until the function's time limit. A third of that limit, as for keys.
 */
const CALL_LIMIT_MS = 3_300;
const inTime = () => ({ abortSignal: AbortSignal.timeout(CALL_LIMIT_MS) });

/** @throws StoreUnavailable also when the answer is another's, or about another item. */
export async function getItem(table: ReadTable, key: Key): Promise<Item | undefined> {
  const { client, tableName: TableName, projection } = table;
  // What it took is told with an item that there is not, too: which else would be an empty answer.
  const asked = {
    TableName,
    Key: keyItem(key),
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
    ...projection,
  } as const;
  const { Item: item, ConsumedCapacity } = await sending('GetItem', () =>
    client.send(new GetItemCommand(asked), inTime()),
  );
  if (ConsumedCapacity === undefined) throw notOurs('GetItem');
  if (item !== undefined && nameOf(item) !== mapKey(key)) throw notOurs('GetItem');
  return item;
}

/** @returns the record, undefined when it does not count (see items.ts). @throws StoreUnavailable */
export async function getLiveItem(table: ReadTable, key: Key): Promise<Item | undefined> {
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
  table: ReadTable,
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
async function getBatch(table: ReadTable, keys: Item[], found: Map<string, Item>): Promise<Item[]> {
  const { client, tableName, projection } = table;
  const RequestItems = { [tableName]: { Keys: keys, ConsistentRead: true, ...projection } };
  const answer = await sending('BatchGetItem', () =>
    client.send(new BatchGetItemCommand({ RequestItems }), inTime()),
  );
  const items = answer.Responses?.[tableName];
  const unprocessed = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  if (items === undefined && unprocessed.length === 0) throw notOurs('BatchGetItem');
  const asked = new Set(keys.map(nameOf));
  for (const item of items ?? []) {
    const name = nameOf(item);
    if (!asked.has(name)) throw notOurs('BatchGetItem');
    if (isLive(item)) found.set(name, item);
  }
  return unprocessed;
}

/** What has no key has none that was asked for. */
const nameOf = ({ pk, sk }: Item): string => mapKey({ pk: pk?.S ?? '', sk: sk?.S ?? '' });

const notOurs = (operation: string) =>
  new StoreUnavailable(`credentials table: ${operation} was not answered about what was asked for`);

export const keyItem = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

/** A key's name in a map. No sort key of ours contains a NUL, so no two keys meet. */
export const mapKey = ({ pk, sk }: Key): string => `${sk}\0${pk}`;
