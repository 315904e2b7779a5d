/**
 * Every single write of the store, of operations that crash and are resumed too: where it takes a right away, as the
 * authorizer's own readers see it, the filter lets it through and it flushes.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { KEY_IDS, openWatchedStore, TOKEN_HASH } from './watched-store.ts';

let dynamo: TestDynamoDb;
beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

const SCOPES = ['r', 'w'];
/** Other cases, and so many; by default always the same few. */
const RUNS = process.env['EVERY_WRITE_RUNS'];

interface Operation {
  readonly label: string;
  readonly run: (store: ConsumerStore) => Promise<unknown>;
}

const consumerNamed = async (store: ConsumerStore, name: string) => {
  const user = await store.getUser(name);
  if (user.ok) return { type: 'user', id: user.value.id } as const;
  const application = await store.getApplication(name);
  return { type: 'application', id: application.ok ? application.value.id : 'none' } as const;
};

const keyId = fc.constantFrom(...KEY_IDS);
const app = fc.constantFrom('shop', 'desk');
const consumer = fc.oneof(fc.constant('ann'), app);
const scopes = fc.subarray(SCOPES);

const operations: readonly (readonly [number, fc.Arbitrary<Operation>])[] = [
  [1, always('make ann', (store) => store.createUser({ username: 'ann' }))],
  [1, always('make the scopes', (store) => store.createScopes(SCOPES))],
  [1, app.map((name) => op(`make ${name}`, (store) => store.createApplication({ userId: 'ann', name })))],
  [
    4,
    fc
      .tuple(keyId, consumer, scopes)
      .map(([id, consumerId, some]) =>
        op(`make ${id} of ${consumerId} with ${some}`, (store) =>
          store.createCredential({ consumerId, keyId: id, scopes: some }),
        ),
      ),
  ],
  [
    1,
    fc
      .tuple(keyId, fc.boolean())
      .map(([id, on]) => op(`${id} is active: ${on}`, (store) => store.setCredentialActive(id, on))),
  ],
  [
    1,
    fc.tuple(consumer, fc.boolean()).map(([name, on]) =>
      op(`${name} is active: ${on}`, async (store) => {
        const { type, id } = await consumerNamed(store, name);
        return type === 'user' ? store.setUserActive(id, on) : store.setApplicationActive(id, on);
      }),
    ),
  ],
  [
    2,
    fc
      .tuple(
        keyId,
        scopes.chain((some) => fc.constantFrom({ set: some }, { add: some }, { remove: some })),
      )
      .map(([id, change]) =>
        op(`${id}: ${JSON.stringify(change)}`, (store) => store.changeScopes(id, change)),
      ),
  ],
  [
    3,
    fc
      .tuple(keyId, fc.constantFrom(0, 60, 86_400))
      .map(([id, overlapSeconds]) =>
        op(`rotate ${id}, ${overlapSeconds} s`, (store) => store.rotateCredential(id, { overlapSeconds })),
      ),
  ],
  [1, keyId.map((id) => op(`delete ${id}`, (store) => store.deleteCredential(id)))],
  [
    1,
    consumer.map((name) =>
      op(`delete ${name}`, async (store) => {
        const { type, id } = await consumerNamed(store, name);
        return type === 'user' ? store.deleteUser(id) : store.deleteApplication(id);
      }),
    ),
  ],
  [
    1,
    fc
      .constantFrom(...SCOPES)
      .map((scope) => op(`delete scope ${scope}`, (store) => store.deleteScope(scope))),
  ],
  [
    1,
    fc
      .tuple(app, app)
      .map(([from, name]) =>
        op(`rename ${from} to ${name}`, async (store) =>
          store.updateApplication((await consumerNamed(store, from)).id, { name }),
        ),
      ),
  ],
  [1, always('revoke a token', (store) => store.revokeToken({ tokenHash: TOKEN_HASH }))],
  [
    1,
    consumer.map((name) =>
      op(`revoke ${name}`, async (store) => store.revokeIssuedBefore(await consumerNamed(store, name))),
    ),
  ],
  [1, always('revoke all', (store) => store.revokeIssuedBefore('all'))],
  [2, always('resume', (store) => store.resumeCleanUp())],
];

function op(label: string, run: Operation['run']): Operation {
  return { label, run };
}
function always(label: string, run: Operation['run']): fc.Arbitrary<Operation> {
  return fc.constant(op(label, run));
}

const step = fc.record({
  operation: fc.oneof(...operations.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
  /** The process dies before the write after so many. */
  crashAfterWrites: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 3, nil: undefined }),
  passSeconds: fc.constantFrom(0, 1, 31, 61),
});

it('that takes a right away is let through, and flushes', async () => {
  const losses = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
      const world = await openWatchedStore(dynamo.endpoint);
      const { store, clock } = world;
      await store.createScopes(SCOPES);
      await store.createUser({ username: 'ann' });
      await store.createApplication({ userId: 'ann', name: 'shop' });
      await store.createCredential({ consumerId: 'ann', keyId: 'k1', scopes: SCOPES });
      await store.createCredential({ consumerId: 'shop', keyId: 'k2', scopes: SCOPES });
      try {
        for (const { operation, crashAfterWrites, passSeconds } of steps) {
          clock.nowMs += passSeconds * 1000;
          world.begin(crashAfterWrites);
          await operation.run(store).catch((error: unknown) => {
            if (crashAfterWrites === undefined) throw error;
          });
          await world.end();
          expect(world.missed, operation.label).toEqual([]);
        }
      } finally {
        for (const loss of world.losses) losses.add(loss);
        world.close();
      }
    }),
    RUNS === undefined ? { numRuns: 10, seed: 7 } : { numRuns: Number(RUNS) },
  );
  // So that it cannot pass because nothing was taken away.
  expect([...losses].sort()).toEqual(
    expect.arrayContaining([
      'PutItem revoked record',
      'UpdateItem app record',
      'UpdateItem cred record',
      'UpdateItem revoked record',
      'UpdateItem user record',
    ]),
  );
}, 600_000);
