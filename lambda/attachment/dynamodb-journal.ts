/** The journal on DynamoDB, in a table of its own (journal-table.ts; its items: journal-items.ts). */
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createDynamoDbClient } from '../consumers/dynamodb-client.ts';
import {
  type Claim,
  type Journal,
  JournalUnavailable,
  LeaseLost,
  type Progress,
  type Run,
} from './journal.ts';
import {
  headerKey,
  type Item,
  isMethod,
  keyOf,
  methodItem,
  methodKey,
  PROGRESS,
  parseHolder,
  parseJournal,
} from './journal-items.ts';

/** A claim that lost a race looks again who holds the header. */
const CLAIM_ATTEMPTS = 3;

/**
 * @param options.client @default the AWS SDK's own region, endpoint and credentials
 * @param options.now milliseconds since 1970: whether another's lease is over. @default Date.now
 */
export function openJournal(options: {
  readonly tableName: string;
  readonly client?: DynamoDBClient | undefined;
  readonly now?: (() => number) | undefined;
}): Journal {
  const { tableName: TableName, client = createDynamoDbClient(), now = Date.now } = options;

  async function allOf(restApiId: string): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const page = await sending('Query', () =>
        client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: 'restApiId = :api',
            ExpressionAttributeValues: { ':api': { S: restApiId } },
            ExclusiveStartKey: start,
          }),
        ),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }

  async function headerOf(restApiId: string): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName, Key: headerKey(restApiId), ConsistentRead: true });
    return (await sending('GetItem', () => client.send(command))).Item;
  }

  /** @returns whether the condition held. */
  const updateHeader = (restApiId: string, { set = {}, remove = [], condition, values = {} }: Update) =>
    sendingConditional('UpdateItem', () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: headerKey(restApiId),
          UpdateExpression: [
            ...(Object.keys(set).length > 0
              ? [`SET ${Object.keys(set).map((name) => `#${name} = :${name}`)}`]
              : []),
            ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`)}`] : []),
          ].join(' '),
          ConditionExpression: condition,
          ExpressionAttributeNames: namesIn([...Object.keys(set), ...remove], condition),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
            ...values,
          },
        }),
      ),
    );

  const held = { condition: '#runId = :run' };
  const byRun = ({ id }: Run) => ({ ':run': { S: id } });

  async function mustHold(restApiId: string, run: Run, change: Pick<Update, 'set' | 'remove'>) {
    if (!(await updateHeader(restApiId, { ...change, ...held, values: byRun(run) }))) throw lost(restApiId);
  }

  async function remove(restApiId: string, sk: string): Promise<void> {
    await sending('DeleteItem', () =>
      client.send(new DeleteItemCommand({ TableName, Key: keyOf(restApiId, sk) })),
    );
  }

  return {
    async read(restApiId) {
      return parseJournal(restApiId, await allOf(restApiId));
    },

    async claim(restApiId, owner, run): Promise<Claim> {
      for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
        const isClaimed = await updateHeader(restApiId, {
          set: { owner: { S: owner }, ...lease(run) },
          condition: `(attribute_not_exists(#wish) OR #owner = :owner) AND ${FREE}`,
          values: { ':run': { S: run.id }, ':now': { N: String(now()) } },
        });
        if (isClaimed) return { kind: 'claimed' };
        const header = await headerOf(restApiId);
        // Its run released it in between, and it was no more than a claim.
        if (header === undefined) continue;
        const holder = parseHolder(header);
        if (holder.isAccepted && holder.owner !== owner) return { kind: 'foreign', owner: holder.owner };
        if (holder.runId !== undefined && holder.untilMs > now())
          return { kind: 'busy', untilMs: holder.untilMs };
      }
      throw new JournalUnavailable('journal: others claimed and released it all the time');
    },

    renew: (restApiId, run) => mustHold(restApiId, run, { set: lease(run) }),

    update(restApiId, run, change) {
      const given = PROGRESS.filter((name) => Object.hasOwn(change, name));
      const set = Object.fromEntries(
        given
          .filter((name) => change[name] !== undefined)
          .map((name) => [
            name,
            { S: JSON.stringify(change[name] satisfies Progress[typeof name] | undefined) },
          ]),
      );
      return mustHold(restApiId, run, { set, remove: given.filter((name) => change[name] === undefined) });
    },

    async rememberMethod(restApiId, method) {
      const command = new PutItemCommand({
        TableName,
        Item: methodItem(restApiId, method),
        ConditionExpression: 'attribute_not_exists(sk)',
      });
      await sendingConditional('PutItem', () => client.send(command));
    },

    async forgetMethod(restApiId, name) {
      await remove(restApiId, methodKey(restApiId, name)['sk']?.S ?? '');
    },

    async release(restApiId, run) {
      const isEmpty = await sendingConditional('DeleteItem', () =>
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: headerKey(restApiId),
            ConditionExpression: `${held.condition} AND attribute_not_exists(#wish)`,
            ExpressionAttributeNames: { '#runId': 'runId', '#wish': 'wish' },
            ExpressionAttributeValues: byRun(run),
          }),
        ),
      );
      if (!isEmpty)
        await updateHeader(restApiId, { remove: ['runId', 'leaseUntilMs'], ...held, values: byRun(run) });
    },

    async forget(restApiId, run) {
      for (const item of (await allOf(restApiId)).filter(isMethod))
        await remove(restApiId, item['sk']?.S ?? '');
      const isForgotten = await sendingConditional('DeleteItem', () =>
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: headerKey(restApiId),
            ConditionExpression: held.condition,
            ExpressionAttributeNames: { '#runId': 'runId' },
            ExpressionAttributeValues: byRun(run),
          }),
        ),
      );
      // The SDK repeats a call whose answer was lost: then there is none by now.
      if (!isForgotten && (await headerOf(restApiId)) !== undefined) throw lost(restApiId);
    },
  };
}

interface Update {
  readonly set?: Item;
  readonly remove?: readonly string[];
  readonly condition: string;
  readonly values?: Record<string, AttributeValue>;
}

const FREE = '(attribute_not_exists(#runId) OR #runId = :run OR #leaseUntilMs <= :now)';

const lease = ({ id, untilMs }: Run): Item => ({ runId: { S: id }, leaseUntilMs: { N: String(untilMs) } });

/** Every attribute by a name of its own: some (`owner`) are words of DynamoDB's. */
const namesIn = (attributes: readonly string[], condition: string): Record<string, string> =>
  Object.fromEntries(
    [...attributes, ...[...condition.matchAll(/#(\w+)/g)].map(([, name = '']) => name)].map((name) => [
      `#${name}`,
      name,
    ]),
  );

const lost = (restApiId: string) => new LeaseLost(`another run works on ${restApiId}`);

/** @throws JournalUnavailable with the SDK's error as its cause */
async function sending<T>(operation: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    throw unavailable(operation, cause);
  }
}

/** @returns whether the condition held. @throws JournalUnavailable */
async function sendingConditional(operation: string, send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ConditionalCheckFailedException') return false;
    throw unavailable(operation, cause);
  }
}

const unavailable = (operation: string, cause: unknown) =>
  new JournalUnavailable(
    `journal: ${operation} failed with ${cause instanceof Error ? cause.name : typeof cause}`,
    { cause },
  );
