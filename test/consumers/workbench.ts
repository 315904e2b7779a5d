/** A store and a reader on a table of their own, with a clock to turn and faults to inject. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ApiKeys } from '../../lambda/consumers/api-keys.ts';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import type { ConsumerStore, Outcome } from '../../lambda/consumers/store.ts';
import { readerOf, type TableReader } from '../../lambda/consumers/table-reader.ts';
import { failing, type MemoryApiKeys, memoryApiKeys } from './memory-api-keys.ts';

export const START_MS = Date.parse('2026-05-01T12:00:00.000Z');

/** Just over the time after which a silent maker is taken for dead. */
export const DEAD_AFTER_MS = 30_001;

/** `crash`: from the n-th call on none goes out; `glitch`: the n-th alone. Late: the n-th still takes effect. */
export interface Fault {
  readonly nth: number;
  readonly kind: 'crash' | 'glitch';
  readonly late: boolean;
}

export interface Stall {
  readonly reached: Promise<void>;
  goOn(): void;
}

export interface Workbench {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly store: ConsumerStore;
  /** The authorizer's. */
  readonly reader: TableReader;
  readonly clock: { nowMs: number };
  /** What API Gateway has; all stores of the bench make and delete there. */
  readonly apiKeys: MemoryApiKeys;
  /** Another process on the same table, which the fault hits. */
  withFault(fault: Fault): { readonly store: ConsumerStore; readonly calls: () => number };
  /** Another process, which halts before its first call of that sort (`PutItem cred#k key#1`, or a beginning). */
  withStall(call: string): Stall & {
    readonly store: ConsumerStore;
    /** The same process halts once more. */
    stallNext(call: string): Stall;
  };
  item(pk: string, sk: string): Promise<Record<string, unknown> | undefined>;
  close(): void;
}

export const testClient = (endpoint: string): DynamoDBClient =>
  createDynamoDbClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

export async function openWorkbench(endpoint: string): Promise<Workbench> {
  const client = testClient(endpoint);
  const tableName = `test-${randomUUID()}`;
  await ensureTable(client, tableName);
  const clock = { nowMs: START_MS };
  const now = () => clock.nowMs;
  const apiKeys = memoryApiKeys();
  const others: DynamoDBClient[] = [];
  const otherClient = () => {
    const other = testClient(endpoint);
    others.push(other);
    return other;
  };
  return {
    client,
    tableName,
    clock,
    apiKeys,
    store: createDynamoDbStore({ client, tableName, now, apiKeys }),
    reader: readerOf({ client, tableName }),
    withFault(fault) {
      const broken = otherClient();
      const { calls, through } = injectFault(broken, fault);
      const theirs = eachThrough(apiKeys, through);
      return { store: createDynamoDbStore({ client: broken, tableName, now, apiKeys: theirs }), calls };
    },
    withStall(call) {
      const slow = otherClient();
      return {
        store: createDynamoDbStore({ client: slow, tableName, now, apiKeys }),
        ...injectStall(slow, call),
        stallNext: (next) => injectStall(slow, next),
      };
    },
    async item(pk, sk) {
      const Key = { pk: { S: pk }, sk: { S: sk } };
      return (await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true })))
        .Item;
    },
    close: () => {
      for (const each of [client, ...others]) each.destroy();
    },
  };
}

/** @returns how many calls were made so far. A call that the SDK repeats counts once. */
export function countCalls(client: DynamoDBClient): () => number {
  return injectFault(client, { nth: Number.POSITIVE_INFINITY, kind: 'glitch', late: false }).calls;
}

/** @returns a list to which every call adds its input. */
export function recordInputs(client: DynamoDBClient): readonly object[] {
  const inputs: object[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      inputs.push(args.input);
      return next(args);
    },
    { step: 'initialize' },
  );
  return inputs;
}

type Through = <T>(call: () => Promise<T>) => Promise<T>;

/** @returns how many calls there were, and what lets calls to another service count, and fail, with them. */
function injectFault(
  client: DynamoDBClient,
  { nth, kind, late }: Fault,
): { readonly calls: () => number; readonly through: Through } {
  let calls = 0;
  const through: Through = async (call) => {
    calls += 1;
    const isNth = calls === nth;
    const hit = kind === 'crash' ? calls >= nth : isNth;
    if (!hit) return call();
    if (late && isNth) await call();
    throw new Error('injected');
  };
  client.middlewareStack.add((next) => (args) => through(() => next(args)), { step: 'initialize' });
  return { calls: () => calls, through };
}

/** The same API keys, called by a process that the fault hits. */
const eachThrough = (apiKeys: ApiKeys, through: Through): ApiKeys => ({
  findPlan: (idOrName) => apiKeys.findPlan(idOrName),
  create: (keyId, plan) => failing(() => through(() => apiKeys.create(keyId, plan))),
  delete: (id) => failing(() => through(() => apiKeys.delete(id))),
});

function injectStall(client: DynamoDBClient, call: string): Stall {
  const reached = signal();
  const gate = signal();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (describeCall(String(context['commandName']), args.input).startsWith(call)) {
        reached.resolve();
        await gate.promise;
      }
      return next(args);
    },
    { step: 'initialize' },
  );
  return { reached: reached.promise, goOn: gate.resolve };
}

function signal(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** @returns for example `PutItem cred#k record`. */
function describeCall(commandName: string, input: object): string {
  const { Key, Item } = input as Record<'Key' | 'Item', { pk: { S: string }; sk: { S: string } } | undefined>;
  const key = Key ?? Item;
  return [commandName.replace(/Command$/, ''), key?.pk.S, key?.sk.S].join(' ');
}

/** @returns the value of an outcome that must be good. */
export function value<T, Code extends string>(outcome: Outcome<T, Code> | { ok: false; code: string }): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`expected success, got ${outcome.code}`);
}
