/** What a killed run left half-made is made by the next one, as soon as its maker counts as dead. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAll } from '../../bin/commands/stdin/create-all.ts';
import { findAppOf, findCredentialOf, findUserOf } from '../../bin/commands/stdin/find-record.ts';
import type { LineKind } from '../../bin/commands/stdin/line-kind.ts';
import { newSummary } from '../../bin/commands/stdin/summary.ts';
import type { Json } from '../../bin/consumers/consumer-api.ts';
import { storeApi } from '../../bin/consumers/store-api.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { DEAD_AFTER_MS, openWorkbench } from '../consumers/workbench.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';

let dynamoDb: TestDynamoDb;
beforeAll(async () => {
  dynamoDb = await startDynalite();
});
afterAll(() => dynamoDb.close());

const toBody = (line: Json) => line;
const kinds: readonly (LineKind & {
  readonly line: object;
  readonly make: (store: ConsumerStore) => Promise<unknown>;
})[] = [
  {
    ...{ path: '/users', toBody, openFind: findUserOf, line: { username: 'eve' } },
    make: (store) => store.createUser({ username: 'eve' }),
  },
  {
    ...{ path: '/apps', toBody, openFind: findAppOf, line: { userId: 'ann', name: 'shop' } },
    make: (store) => store.createApplication({ userId: 'ann', name: 'shop' }),
  },
  {
    ...{ path: '/credentials', toBody, openFind: findCredentialOf },
    line: { consumerId: 'ann', type: 'jwt', credential: { keyId: 'k' } },
    make: (store) => store.createCredential({ consumerId: 'ann', keyId: 'k' }),
  },
];

/** @param calls how many the killed maker makes: all but the one that makes its record count. */
async function giveAfterAKill({ line, make, ...kind }: (typeof kinds)[number], calls: number) {
  const bench = await openWorkbench(dynamoDb.endpoint);
  await bench.store.createUser({ username: 'ann' });
  // An app of the same name, of another user.
  await bench.store.createUser({ username: 'bob' });
  await bench.store.createApplication({ userId: 'bob', name: 'shop' });
  await make(bench.withFault({ nth: calls + 1, kind: 'crash', late: false }).store).catch(() => undefined);
  const summary = newSummary();
  const given = createAll({
    api: storeApi({ store: bench.store, close: async () => undefined }),
    terminal: {
      stdin: Readable.from([Buffer.from(JSON.stringify(line))]),
      out: () => undefined,
      err: () => undefined,
      isWatched: false,
    },
    progress: { show: () => undefined, above: (write) => write(), clear: () => undefined },
    ...{ kind, options: {}, summary },
  });
  await sleep(200);
  const before = { ...summary };
  bench.clock.nowMs += DEAD_AFTER_MS;
  await given;
  bench.close();
  return { before, summary };
}

describe('create --stdin after a kill', () => {
  for (const [index, kind] of kinds.entries()) {
    it(`${kind.path}: waits for what is half-made, and makes it`, async () => {
      const { before, summary } = await giveAfterAKill(kind, [2, 7, 7][index] ?? 0);
      expect(before).toEqual({ created: 0, skipped: 0, failed: 0 });
      expect(summary).toEqual({ created: 1, skipped: 0, failed: 0 });
    });
  }
});
