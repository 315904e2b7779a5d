/** A store whose writes are held against what the authorizer may answer before and after each of them. */
import { randomUUID } from 'node:crypto';
import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbReader } from '../../lambda/consumers/dynamodb-reader.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { readCredentialKeys } from '../../lambda/consumers/key-slots.ts';
import { countingKeys } from '../../lambda/consumers/keyed-credential.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { takesRightAway } from '../../lambda/revocation/takes-right-away.ts';
import { START_MS, testClient } from '../consumers/workbench.ts';
import { filtered, type StreamRecord } from './stream.ts';

export const KEY_IDS = ['k1', 'k2', 'k3'];
export const TOKEN_HASH = tokenHashOf('header.payload');

type Item = Record<string, AttributeValue>;
/** Rights by name; the higher number is the greater right. */
type Rights = ReadonlyMap<string, number>;

export interface WatchedStore {
  readonly store: ConsumerStore;
  readonly clock: { nowMs: number };
  /** The writes that took something away, as `UpdateItem cred record`. */
  readonly losses: readonly string[];
  /** Those of them that make no flush. */
  readonly missed: readonly object[];
  /** @param crashAfterWrites the process dies before the one after. */
  begin(crashAfterWrites: number | undefined): void;
  /** Waits for what is under way; the process lives again. */
  end(): Promise<void>;
  close(): void;
}

export async function openWatchedStore(endpoint: string): Promise<WatchedStore> {
  const client = testClient(endpoint);
  const looking = testClient(endpoint);
  const tableName = `watched-${randomUUID()}`;
  await ensureTable(client, tableName);
  const table = { client: looking, tableName };
  const clock = { nowMs: START_MS };
  const losses: string[] = [];
  const missed: object[] = [];
  let writesLeft = Number.POSITIVE_INFINITY;
  /** The records whose changes the operation has made flushes for. */
  const flushed = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  const read = async (Key: Item) =>
    (await looking.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;

  const judge = (command: string, record: StreamRecord, lost: readonly string[]) => {
    const { pk, sk } = record.dynamodb.Keys;
    const isFlushed = filtered([record]).some(({ dynamodb: { OldImage: before, NewImage: after } }) =>
      takesRightAway({ before, after }),
    );
    if (isFlushed) flushed.add(`${pk?.S}`);
    if (lost.length === 0) return;
    losses.push(`${command.replace('Command', '')} ${pk?.S?.split('#')[0]} ${sk?.S?.split('#')[0]}`);
    // A rotation writes its key over the one before the last, which may count yet: between two writes of the record.
    const isRotation = sk?.S?.startsWith('key#') && flushed.has(`${pk?.S}`);
    if (!isFlushed && !isRotation) missed.push({ command, pk, sk, lost });
  };

  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { Key, Item } = args.input as { readonly Key?: Item; readonly Item?: Item };
        if (writesLeft < 0) throw new Error('crashed');
        const { pk, sk } = Key ?? Item ?? {};
        if (!/^(?:Put|Update|Delete)Item/.test(commandName) || !pk || !sk) return next(args);
        const mine = turn.then(async () => {
          writesLeft -= 1;
          if (writesLeft < 0) throw new Error('crashed');
          const [before, OldImage] = [await rightsIn(table, clock.nowMs), await read({ pk, sk })];
          try {
            return await next(args);
          } finally {
            const NewImage = await read({ pk, sk });
            const after = await rightsIn(table, clock.nowMs);
            const images = { ...(OldImage && { OldImage }), ...(NewImage && { NewImage }) };
            judge(
              commandName,
              {
                eventName: OldImage === undefined ? 'INSERT' : NewImage === undefined ? 'REMOVE' : 'MODIFY',
                eventSource: 'aws:dynamodb',
                dynamodb: { Keys: { pk, sk }, ...images },
              },
              lossOf(before, after),
            );
          }
        });
        turn = mine.catch(() => undefined);
        return mine;
      },
    { step: 'initialize' },
  );
  return {
    store: createDynamoDbStore({ client, tableName, now: () => clock.nowMs }),
    clock,
    losses,
    missed,
    begin(crashAfterWrites = Number.POSITIVE_INFINITY) {
      writesLeft = crashAfterWrites;
      flushed.clear();
    },
    async end() {
      await turn;
      writesLeft = Number.POSITIVE_INFINITY;
    },
    close() {
      client.destroy();
      looking.destroy();
    },
  };
}

const lossOf = (before: Rights, after: Rights): readonly string[] =>
  [...before].flatMap(([name, value]) => ((after.get(name) ?? Number.NEGATIVE_INFINITY) < value ? name : []));

/** What the authorizer's own readers say. */
async function rightsIn(table: Parameters<typeof createDynamoDbReader>[0], nowMs: number): Promise<Rights> {
  const reader = createDynamoDbReader(table);
  const [all, isRevoked, ...credentials] = await Promise.all([
    reader.readRevocations(),
    reader.isTokenRevoked({ tokenHash: TOKEN_HASH }),
    ...KEY_IDS.map((keyId) => reader.readCredential(keyId)),
  ]);
  const rights = new Map([
    ['issued before', -(all.issuedBeforeSeconds ?? 0)],
    ['token', isRevoked ? 0 : 1],
  ]);
  await Promise.all(
    credentials.map(async (credential) => {
      if (!credential?.isActive) return;
      const { user, application } = await reader.readHolder(credential);
      const isHeld = user?.isActive && (credential.consumerType === 'user' || application?.isActive);
      if (!isHeld) return;
      const name = `${credential.keyId} of ${credential.consumerId}`;
      const moments = [user, application].map((holder) => holder?.issuedBeforeSeconds ?? 0);
      rights.set(name, credential.expiresAtSeconds ?? Number.MAX_SAFE_INTEGER);
      rights.set(`${name} issued before`, -Math.max(...moments));
      for (const scope of credential.scopes) rights.set(`${name} scope ${scope}`, 1);
      const { keys = [] } = (await readCredentialKeys(table, credential.keyId)) ?? {};
      for (const { untilSeconds = Number.MAX_SAFE_INTEGER, ...key } of countingKeys(keys, nowMs / 1000))
        rights.set(`${name} ${JSON.stringify(key)}`, untilSeconds);
    }),
  );
  return rights;
}
