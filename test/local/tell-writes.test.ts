import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tellWrites } from '../../bin/local/tell-writes.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { openWorkbench, value, type Workbench } from '../consumers/workbench.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';

let dynamo: TestDynamoDb;
let bench: Workbench;
beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

const COUNT = 30;
let userId: string;
beforeEach(async () => {
  bench = await openWorkbench(dynamo.endpoint);
  userId = value(await bench.store.createUser({ username: 'ann' })).id;
  value(await bench.store.createScopes(['r']));
  for (let n = 0; n < COUNT; n += 1)
    value(await bench.store.createCredential({ consumerId: userId, keyId: `k${n}`, scopes: ['r'] }));
  return () => bench.close();
});

/** What there was of credentials whenever a write was told. */
function watched() {
  const told: Promise<number>[] = [];
  const client = tellWrites(bench.client, () => told.push(left()));
  return { told, store: createDynamoDbStore({ ...bench, client }) };
}

async function left(): Promise<number> {
  const counted = await Promise.all(
    Array.from(
      { length: COUNT },
      async (_, n) => (await bench.reader.readCredential(`k${n}`))?.scopes.length,
    ),
  );
  return counted.filter((scopes) => scopes === 1).length;
}

describe('a write is told of', () => {
  it('when it is done, and not when all is cleaned up that it leaves behind', async () => {
    const { told, store } = watched();
    value(await store.deleteUser(userId));
    expect(await told[0]).toBeGreaterThan(0);
    expect(await told.at(-1)).toBe(0);
  });

  it('when a clean-up makes it that another process has begun', async () => {
    // The scope is gone; nobody has lost it yet.
    await bench.withFault({ nth: 2, kind: 'crash', late: false }).store.deleteScope('r');
    expect(await left()).toBe(COUNT);
    const { told, store } = watched();
    expect(await store.resumeCleanUp()).toBe(1);
    expect(await told[0]).toBeLessThan(COUNT);
    expect(told.length).toBeGreaterThanOrEqual(COUNT);
  });

  it('when it may have taken effect, and its answer was lost', async () => {
    let told = 0;
    const broken = Object.create(bench.client, {
      send: { value: () => Promise.reject(new Error('lost')) },
    });
    const client = tellWrites(broken, () => {
      told += 1;
    });
    const store = createDynamoDbStore({ ...bench, client });
    await expect(store.setUserActive(userId, false)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(told).toBe(1);
  });

  it('and a read is none', async () => {
    const { told, store } = watched();
    value(await store.getUser('ann'));
    await store.listCredentials();
    expect(told).toEqual([]);
  });
});
