/** What happens when DynamoDB is away, silent, or answers half of what was asked. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createDynamoDbReader } from '../../lambda/consumers/dynamodb-reader.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import type { Credential } from '../../lambda/consumers/model.ts';
import { testClient } from './workbench.ts';

const credential: Credential = {
  keyId: 'k',
  type: 'jwt',
  consumerId: 'u',
  consumerType: 'user',
  scopes: [],
  isActive: true,
  createdAt: '',
  updatedAt: '',
};
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function openAt(endpoint: string) {
  const table = { client: testClient(endpoint), tableName: 't' };
  return { reader: createDynamoDbReader(table), store: createDynamoDbStore(table) };
}

/** A DynamoDB that answers every call with this. */
const answering = (status: number, body: () => object) =>
  listen((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body()));
    });
  });

const unavailable = { name: 'StoreUnavailable' };

describe('an outage', () => {
  test('a closed port is StoreUnavailable for each method', async () => {
    const endpoint = await listen(() => undefined);
    servers.pop()?.close();
    const { reader, store } = openAt(endpoint);
    const calls: Promise<unknown>[] = [
      reader.readCredential('k'),
      reader.readHolder(credential),
      store.createUser({ username: 'ann' }),
      store.createApplication({ userId: 'ann', name: 'shop' }),
      store.createCredential({ consumerId: 'ann' }),
      store.createScopes(['a']),
      store.getUser('ann'),
      store.getApplication('shop'),
      store.getCredential('k'),
      store.setUserActive('u', false),
      store.setApplicationActive('a', false),
      store.setCredentialActive('k', false),
      store.listUsers(),
      store.listApplications(),
      store.listCredentials(),
      store.listCredentialsOf({ type: 'user', id: 'u' }),
      store.listScopes(),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
      if (outcome.status === 'rejected') expect(outcome.reason.cause).toBeInstanceOf(Error);
    }
  });

  test('silence is given up on after three tries of a second', async () => {
    let tries = 0;
    const endpoint = await listen(() => {
      tries += 1;
    });
    const start = performance.now();
    await expect(openAt(endpoint).reader.readCredential('k')).rejects.toMatchObject(unavailable);
    expect(tries).toBe(3);
    expect(performance.now() - start).toBeGreaterThan(2_900);
    expect(performance.now() - start).toBeLessThan(6_000);
  });

  test('an error that quotes the request does not reach the message', async () => {
    const endpoint = await answering(400, () => ({
      __type: 'com.amazonaws.dynamodb.v20120810#ValidationException',
      message: 'bad value: hunter2',
    }));
    const rejected = openAt(endpoint).reader.readCredential('k');
    await expect(rejected).rejects.toMatchObject({
      ...unavailable,
      message: 'credentials table: GetItem failed with ValidationException',
    });
  });
});

describe('an answer that is empty', () => {
  const other = { pk: { S: 'cred#other' }, sk: { S: 'record' } };
  const capacity = { ConsumedCapacity: { TableName: 't', CapacityUnits: 1 } };
  const holderOf = { ...credential, consumerType: 'application' as const, ownerUserId: 'o' };

  test('tells that there is nothing, where DynamoDB gave it', async () => {
    const { reader } = openAt(await answering(200, () => ({ ...capacity, Responses: { t: [] } })));
    expect(await reader.readCredential('k')).toBeUndefined();
    expect(await reader.readHolder(holderOf)).toEqual({});
    expect(await reader.readRevocations()).toEqual({});
  });
  test.each([
    ['is somebody else’s', {}],
    ['is about another item', { ...capacity, Item: other, Responses: { t: [other] } }],
    ['is about another table', { Responses: { u: [] } }],
  ])('is an outage where it %s', async (_, answer) => {
    const { reader } = openAt(await answering(200, () => answer));
    await expect(reader.readCredential('k')).rejects.toMatchObject(unavailable);
    await expect(reader.readHolder(holderOf)).rejects.toMatchObject(unavailable);
    await expect(reader.readRevocations()).rejects.toMatchObject(unavailable);
  });
  test('and never comes to its end is given up on', async () => {
    const endpoint = await listen((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-length': 99 }).flushHeaders();
    });
    const start = performance.now();
    await expect(openAt(endpoint).reader.readCredential('k')).rejects.toMatchObject(unavailable);
    expect(performance.now() - start).toBeLessThan(6_000);
  });
});

describe('unprocessed keys', () => {
  const key = { pk: { S: 'user#u' }, sk: { S: 'record' } };
  const text = (S: string) => ({ S });
  const user = {
    ...key,
    ...{ id: text('u'), username: text('ann'), isActive: { BOOL: true } },
    ...{ createdAt: text('c'), updatedAt: text('c') },
  };
  const throttledTimes = (times: number) => {
    let calls = 0;
    return answering(200, () => {
      calls += 1;
      return calls > times
        ? { Responses: { t: [user] } }
        : { Responses: { t: [] }, UnprocessedKeys: { t: { Keys: [key] } } };
    });
  };
  const ofApplication = {
    ...credential,
    ...{ consumerType: 'application' as const, consumerId: 'a', ownerUserId: 'u' },
  };

  test('are asked for again, three times', async () => {
    const { reader } = openAt(await throttledTimes(3));
    expect(await reader.readHolder(ofApplication)).toMatchObject({ user: { username: 'ann' } });
  });
  test('are an outage after that, never a missing user', async () => {
    const { reader } = openAt(await throttledTimes(4));
    await expect(reader.readHolder(ofApplication)).rejects.toMatchObject(unavailable);
  });
});
