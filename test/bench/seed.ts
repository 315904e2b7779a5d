/** Many credentials at once: copies of one that the store made itself, so that nothing here knows what a record is. */
import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { noApiKeys } from '../../lambda/consumers/api-keys.ts';
import type { Item } from '../../lambda/consumers/attributes.ts';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { tableDefinition } from '../../lambda/consumers/table.ts';
import { startDynalite } from '../support/dynalite.ts';
import { callDynamoDb } from '../support/dynamodb-wire.ts';
import { benchClient } from './table.ts';

/** The most that one call takes. */
const BATCH = 25;
const IN_FLIGHT = 4;
const ATTEMPTS = 10;
const CREDENTIALS_OF_A_USER = 100;
/** With a dot, which no generated id or secret has: a copy changes it wherever it stands. */
const [FIRST_USER, FIRST_KEY] = ['ada.0', 'key.0'];

/** What tokens of a seeded credential have as `sub`. @param index from 0 */
export const seededKeyId = (index: number): string => `key.${index}`;

/** The items of a user and of a credential, as JSON, with the numbers that are asked for. */
export interface Pattern {
  user(index: number): readonly string[];
  credential(index: number, userIndex: number): readonly string[];
  /** The key of each of them: copies have the same. */
  readonly keySecret: string;
  /** Another one where records or the table are made otherwise: what was seeded before is then of no use. */
  readonly fingerprint: string;
}

/** Has the store make one user with one credential, in a table of their own, and looks at what it wrote. */
export async function learnPattern(): Promise<Pattern> {
  const server = await startDynalite();
  const client = benchClient(server.endpoint);
  try {
    const TableName = 'pattern';
    await ensureTable(client, TableName);
    const store = createDynamoDbStore({ client, tableName: TableName, apiKeys: noApiKeys });
    const user = await store.createUser({ username: FIRST_USER, firstname: 'Ada', lastname: 'Lovelace' });
    if (!user.ok) throw new Error(user.code);
    const made = await store.createCredential({ consumerId: user.value.id, keyId: FIRST_KEY });
    if (!made.ok) throw new Error(made.code);
    const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return patternOf(Items, { userId: user.value.id, keySecret: made.value.keySecret ?? '' });
  } finally {
    client.destroy();
    await server.close();
  }
}

function patternOf(
  items: readonly Item[],
  { userId, keySecret }: { readonly userId: string; readonly keySecret: string },
): Pattern {
  const texts = items.map((item) => JSON.stringify(item));
  const ofKey = texts.filter((text) => text.includes(FIRST_KEY));
  const ofUser = texts.filter((text) => !text.includes(FIRST_KEY));
  const idOf = (index: number) => `${userId.slice(0, -12)}${String(index).padStart(12, '0')}`;
  const renamed = (text: string, userIndex: number) =>
    text.replaceAll(FIRST_USER, `ada.${userIndex}`).replaceAll(userId, idOf(userIndex));
  const shape = items.map((item) => Object.keys(item).sort().join());
  const described = JSON.stringify([tableDefinition, CREDENTIALS_OF_A_USER, shape.sort()]);
  return {
    user: (index) => ofUser.map((text) => renamed(text, index)),
    credential: (index, userIndex) =>
      ofKey.map((text) => renamed(text, userIndex).replaceAll(FIRST_KEY, seededKeyId(index))),
    keySecret,
    fingerprint: createHash('sha256').update(described).digest('hex').slice(0, 12),
  };
}

/**
 * Fills a table that is there: `count` credentials, a hundred to a user.
 * @returns once all are written. @throws Error when the table goes on leaving items unprocessed.
 */
export async function seedCredentials(
  { endpoint, tableName }: { readonly endpoint: string; readonly tableName: string },
  count: number,
  pattern: Pattern,
): Promise<void> {
  let next = 0;
  let items: string[] = [];
  const take = () => {
    for (; items.length < BATCH && next < count; next += 1) {
      const userIndex = Math.floor(next / CREDENTIALS_OF_A_USER);
      if (next % CREDENTIALS_OF_A_USER === 0) items.push(...pattern.user(userIndex));
      items.push(...pattern.credential(next, userIndex));
    }
    const batch = items.slice(0, BATCH);
    items = items.slice(BATCH);
    return batch;
  };
  const work = async () => {
    for (let batch = take(); batch.length > 0; batch = take()) await write(endpoint, tableName, batch);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

async function write(endpoint: string, tableName: string, items: readonly string[]): Promise<void> {
  const requests = items.map((item) => `{"PutRequest":{"Item":${item}}}`);
  let body = `{"RequestItems":{"${tableName}":[${requests}]}}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const answer = await callDynamoDb(endpoint, 'DynamoDB_20120810.BatchWriteItem', body);
    const RequestItems = answer['UnprocessedItems'];
    if (RequestItems === undefined || Object.keys(RequestItems as object).length === 0) return;
    body = JSON.stringify({ RequestItems });
  }
  throw new Error('the table leaves items unprocessed');
}
