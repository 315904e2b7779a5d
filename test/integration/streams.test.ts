/** The stream's filter on the records of AWS's own DynamoDB Local, and on those that the faster tests make up. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takesRightAway } from '../../lambda/revocation/takes-right-away.ts';
import { expectValue } from '../e2e/table.ts';
import { filtered, openStreamedStore, type StreamedStore, type StreamRecord } from '../revocation/stream.ts';
import type { TestDynamoDb } from '../support/dynalite.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';
import { openStream } from './streams.ts';

let dynamo: TestDynamoDb;
let streamed: StreamedStore;
let readStream: () => Promise<readonly StreamRecord[]>;

beforeAll(async () => {
  dynamo = await startDynamoDbLocal();
  streamed = await openStreamedStore(dynamo.endpoint);
  readStream = await openStream(dynamo.endpoint, streamed.client, streamed.tableName);
});
afterAll(async () => {
  streamed.close();
  await dynamo.close();
});

/** What is compared: sets have no order. */
const essence = ({ eventName, dynamodb: { Keys, OldImage, NewImage } }: StreamRecord) =>
  JSON.parse(
    JSON.stringify({ eventName, Keys, OldImage, NewImage }, (_, value: unknown) => {
      if (Array.isArray(value)) return [...value].sort();
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  ) as unknown;

it('lets nothing of an import through, each change that takes away, and no secret', async () => {
  const { store } = streamed;
  for (let n = 0; n < 20; n += 1) {
    const user = expectValue(await store.createUser({ username: `user-${n}` }));
    const app = expectValue(await store.createApplication({ userId: user.id, name: 'app' }));
    expectValue(await store.createScopes([`scope-${n}`]));
    for (const [id, consumerId] of [
      ['u', user.id],
      ['a', app.id],
    ] as const)
      expectValue(await store.createCredential({ consumerId, keyId: `${id}-${n}`, scopes: [`scope-${n}`] }));
  }
  expect(filtered(await readStream())).toEqual([]);

  await store.setCredentialActive('u-0', false);
  await store.changeScopes('u-1', { remove: ['scope-1'] });
  await store.rotateCredential('u-2', {});
  await store.deleteCredential('u-3');
  await store.revokeToken({ jti: 'token-1' });
  await store.setCredentialActive('u-0', true);

  const records = await readStream();
  const seen = filtered(records);
  const taking = seen.filter(({ dynamodb }) =>
    takesRightAway({ before: dynamodb.OldImage, after: dynamodb.NewImage }),
  );
  const named = new Set(taking.map(({ dynamodb }) => dynamodb.Keys['pk']?.S?.replace(/(jti#).*/, '$1…')));
  expect([...named].sort()).toEqual([
    'cred#u-0',
    'cred#u-1',
    'cred#u-2',
    'cred#u-3',
    'revoked#all',
    'revoked#jti#…',
  ]);
  expect(seen.length).toBeGreaterThan(taking.length);
  expect(JSON.stringify(records)).toContain('keySecret');
  expect(JSON.stringify(seen)).not.toContain('keySecret');

  // The records that the faster tests go by are these.
  const written = new Map<string, unknown[]>();
  const real = new Map<string, unknown[]>();
  const group = (into: Map<string, unknown[]>) => (record: StreamRecord) => {
    const name = JSON.stringify(record.dynamodb.Keys['pk']) + JSON.stringify(record.dynamodb.Keys['sk']);
    into.set(name, [...(into.get(name) ?? []), essence(record)]);
  };
  for (const record of streamed.take()) group(written)(record);
  for (const record of records) group(real)(record);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(real));
});
