/** What reaches the function, and what it makes of it, of real writes of the real store. */
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takesRightAway } from '../../lambda/revocation/takes-right-away.ts';
import { expectValue } from '../e2e/table.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { matches } from './filter-patterns.ts';
import { filtered, openStreamedStore, type StreamedStore } from './stream.ts';

let dynamo: TestDynamoDb;
let streamed: StreamedStore;

beforeAll(async () => {
  dynamo = await startDynalite();
  streamed = await openStreamedStore(dynamo.endpoint);
});
afterAll(async () => {
  streamed.close();
  await dynamo.close();
});

let count = 0;
let keyId: string;
let userId: string;
let appId: string;

beforeEach(async () => {
  count += 1;
  keyId = `key-${count}`;
  const { store } = streamed;
  userId = expectValue(await store.createUser({ username: `user-${count}` })).id;
  appId = expectValue(await store.createApplication({ userId, name: 'app' })).id;
  expectValue(await store.createScopes([`read-${count}`, `write-${count}`]));
  expectValue(await store.createCredential({ consumerId: userId, keyId, scopes: [`read-${count}`] }));
  streamed.take();
});

/** What a change asks for: `flush`, `seen` when it reaches the function for nothing, or `unseen`. */
function effect(): string {
  const seen = filtered(streamed.take());
  const flushes = seen.some(({ dynamodb }) =>
    takesRightAway({ before: dynamodb.OldImage, after: dynamodb.NewImage }),
  );
  return flushes ? 'flush' : seen.length > 0 ? 'seen' : 'unseen';
}

describe('what may take a right away', () => {
  it.each<[string, (store: StreamedStore['store']) => Promise<unknown>]>([
    ['a credential is deactivated', (store) => store.setCredentialActive(keyId, false)],
    ['a user is deactivated', (store) => store.setUserActive(userId, false)],
    ['an application is deactivated', (store) => store.setApplicationActive(appId, false)],
    ['a credential is deleted', (store) => store.deleteCredential(keyId)],
    ['a user is deleted', (store) => store.deleteUser(userId)],
    ['an application is deleted', (store) => store.deleteApplication(appId)],
    ['a scope is taken', (store) => store.changeScopes(keyId, { remove: [`read-${count}`] })],
    ['a scope is replaced', (store) => store.changeScopes(keyId, { set: [`write-${count}`] })],
    ['a bound scope is deleted', (store) => store.deleteScope(`read-${count}`)],
    ['a key is rotated', (store) => store.rotateCredential(keyId, {})],
  ])('%s', async (_, change) => {
    await change(streamed.store);
    expect(effect()).toBe('flush');
  });

  it('is seen in a write past the store, too', async () => {
    await streamed.client.send(
      new UpdateItemCommand({
        TableName: streamed.tableName,
        Key: { pk: { S: `cred#${keyId}` }, sk: { S: 'record' } },
        UpdateExpression: 'SET issuer = :issuer',
        ExpressionAttributeValues: { ':issuer': { S: 'https://other.example' } },
      }),
    );
    expect(effect()).toBe('flush');
    await streamed.client.send(
      new DeleteItemCommand({
        TableName: streamed.tableName,
        Key: { pk: { S: `cred#${keyId}` }, sk: { S: 'record' } },
      }),
    );
    expect(effect()).toBe('flush');
  });

  it('a revocation that is written, and not its removal', async () => {
    const item = { pk: { S: `revoked#jti#${keyId}` }, sk: { S: 'record' }, purgeAtSeconds: { N: '1' } };
    const { client, tableName: TableName } = streamed;
    await client.send(new PutItemCommand({ TableName, Item: item }));
    expect(effect()).toBe('flush');
    await client.send(new PutItemCommand({ TableName, Item: { ...item, purgeAtSeconds: { N: '2' } } }));
    expect(effect()).toBe('flush');
    await client.send(new DeleteItemCommand({ TableName, Key: { pk: item.pk, sk: item.sk } }));
    expect(effect()).toBe('unseen');
  });
});

describe('what only gives is seen, and flushes nothing', () => {
  it.each<[string, (store: StreamedStore['store']) => Promise<unknown>]>([
    ['a user has another name', (store) => store.updateUser(userId, { firstname: 'Ada' })],
    ['an application is renamed', (store) => store.updateApplication(appId, { name: 'other' })],
    ['properties change', (store) => store.updateUser(userId, { properties: { team: 'blue' } })],
    ['a scope is added', (store) => store.changeScopes(keyId, { add: [`write-${count}`] })],
  ])('%s', async (_, change) => {
    await change(streamed.store);
    expect(effect()).toBe('seen');
  });

  it('activation', async () => {
    await streamed.store.setCredentialActive(keyId, false);
    expect(effect()).toBe('flush');
    await streamed.store.setCredentialActive(keyId, true);
    expect(effect()).toBe('seen');
  });
});

describe('what never reaches the function', () => {
  it('an import: users, applications, scopes, credentials of both sorts, and their links, claims and keys', async () => {
    const { store } = streamed;
    for (let n = 0; n < 20; n += 1) {
      const user = expectValue(
        await store.createUser({ username: `u-${count}-${n}`, isActive: n % 2 === 0 }),
      );
      const app = expectValue(await store.createApplication({ userId: user.id, name: `a-${n}` }));
      expectValue(await store.createScopes([`s-${count}-${n}`]));
      for (const consumerId of [user.id, app.id])
        expectValue(await store.createCredential({ consumerId, scopes: [`s-${count}-${n}`] }));
    }
    const records = streamed.take();
    expect(records.filter(({ eventName }) => eventName === 'MODIFY').length).toBeGreaterThan(80);
    expect(filtered(records)).toEqual([]);
  });

  it('a key, whoever writes it', async () => {
    const { store } = streamed;
    await store.rotateCredential(keyId, {});
    await store.rotateCredential(keyId, {});
    await store.deleteCredential(keyId);
    const records = streamed.take();
    const hasSecret = (record: unknown) => JSON.stringify(record).includes('keySecret');
    expect(records.filter(hasSecret).length).toBeGreaterThanOrEqual(4);
    expect(filtered(records).filter(hasSecret)).toEqual([]);
    expect(filtered(records).length).toBeGreaterThan(0);
  });

  it('a scope that is made or deleted, and bound to nobody', async () => {
    await streamed.store.createScopes([`lone-${count}`]);
    await streamed.store.deleteScope(`lone-${count}`);
    expect(effect()).toBe('unseen');
  });

  it('what is cleaned up of a deleted credential', async () => {
    await streamed.store.deleteCredential(keyId);
    const seen = filtered(streamed.take());
    expect(seen.map(({ eventName }) => eventName)).toEqual(['MODIFY']);
  });
});

describe('the evaluator of patterns', () => {
  it.each([
    [{ a: { b: ['x'] } }, { a: { b: 'x', c: 1 } }, true],
    [{ a: { b: ['x', 'y'] } }, { a: { b: 'y' } }, true],
    [{ a: { b: ['x'] } }, { a: { b: 'z' } }, false],
    [{ a: { b: ['x'] } }, { a: {} }, false],
    [{ a: { b: ['x'] } }, {}, false],
    [{ a: { b: ['x'] }, c: ['1'] }, { a: { b: 'x' } }, false],
    [{ a: [{ prefix: 'x#' }] }, { a: 'x#1' }, true],
    [{ a: [{ prefix: 'x#' }] }, { a: 'x' }, false],
  ])('%j on %j: %s', (pattern, value, expected) => expect(matches(pattern, value)).toBe(expected));

  it.each([[{ a: [{ exists: false }] }], [{ a: {} }], [{ a: 'x' }], [{ a: [{ prefix: 1 }] }]])(
    'does not know %j',
    (pattern) => expect(() => matches(pattern, { a: {} })).toThrow(),
  );
});
