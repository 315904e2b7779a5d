import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gatherReads } from '../../lambda/consumers/gathered-reads.ts';
import { recordKey } from '../../lambda/consumers/items.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { countCalls, openWorkbench, value, type Workbench } from './workbench.ts';

let dynamoDb: TestDynamoDb;
let bench: Workbench;
beforeEach(async () => {
  dynamoDb = await startDynalite();
  bench = await openWorkbench(dynamoDb.endpoint);
});
afterEach(async () => {
  bench.close();
  await dynamoDb.close();
});

async function makeUsers(count: number) {
  const made = [];
  for (let i = 0; i < count; i += 1)
    made.push(value(await bench.store.createUser({ username: `user-${i}` })).id);
  return made.map((id) => recordKey('user', id));
}

const nowhere = (name: string) => recordKey('user', name);
const namesOf = (items: readonly ({ username?: { S?: string } } | undefined)[]) =>
  items.map((item) => item?.username?.S);

describe('reads that are asked for together', () => {
  test('go out together, and each gets its own, in its order', async () => {
    const [a, b] = (await makeUsers(2)) as [ReturnType<typeof recordKey>, ReturnType<typeof recordKey>];
    const calls = countCalls(bench.client);
    const read = gatherReads(bench);
    const later = Promise.resolve().then(() => read([b, nowhere('x')]));
    const found = await Promise.all([read([a]), later, read([nowhere('x'), b, a])]);
    expect(found.map(namesOf)).toEqual([['user-0'], ['user-1', undefined], [undefined, 'user-1', 'user-0']]);
    expect(calls()).toBe(1);
    expect(namesOf(await read([a]))).toEqual(['user-0']);
    expect(calls()).toBe(2);
  });

  test('what changed between two reads is seen', async () => {
    const read = gatherReads(bench);
    const [key] = (await makeUsers(1)) as [ReturnType<typeof recordKey>];
    const [before] = await read([key]);
    value(await bench.store.setUserActive(key.pk.slice('user#'.length), false));
    const [after] = await read([key]);
    expect([before?.['isActive'], after?.['isActive']]).toEqual([{ BOOL: true }, { BOOL: false }]);
  });

  test('a hundred keys go at a time', async () => {
    const calls = countCalls(bench.client);
    const read = gatherReads(bench);
    await Promise.all(Array.from({ length: 100 }, (_, i) => read([nowhere(`${i}`)])));
    expect(calls()).toBe(1);
    await Promise.all(Array.from({ length: 101 }, (_, i) => read([nowhere(`${i}`)])));
    expect(calls()).toBe(3);
  });

  test('an outage is everybody’s, and the next read’s no more', async () => {
    const read = gatherReads(bench);
    let isDown = true;
    bench.client.middlewareStack.add(
      (next) => (args) => {
        if (isDown) throw new Error('injected');
        return next(args);
      },
      { step: 'initialize' },
    );
    const reads = [read([nowhere('x')]), read([nowhere('y'), nowhere('z')])];
    for (const one of reads) await expect(one).rejects.toMatchObject({ name: 'StoreUnavailable' });
    isDown = false;
    expect(await read([nowhere('x')])).toEqual([undefined]);
  });
});
