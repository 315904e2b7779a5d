/**
 * Who changes or deletes fails at every one of its calls in turn, as in contract-crashes.ts: what is stored is
 * then as before or as after, never between, and the next try works at once.
 */
import { describe, expect, test } from 'vitest';
import { readCredentialKeys } from '../../lambda/consumers/key-slots.ts';
import { countingKeys } from '../../lambda/consumers/keyed-credential.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { allKeys } from './contract-deletions.ts';
import { DEAD_AFTER_MS, type Fault, START_MS, value, type Workbench } from './workbench.ts';

type State = 'before' | 'after';

interface Ids {
  readonly user: string;
  readonly app: string;
}

interface Scenario {
  readonly name: string;
  run(store: ConsumerStore, ids: Ids): Promise<{ ok: boolean }>;
  state(bench: Workbench, ids: Ids): Promise<State>;
  /** Holds once everything is cleaned up. */
  settled?(bench: Workbench, ids: Ids): Promise<void>;
}

async function prepare(store: ConsumerStore): Promise<Ids> {
  const { id: user } = value(await store.createUser({ username: 'ann' }));
  const { id: app } = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
  value(await store.createScopes(['read', 'write']));
  for (const [keyId, consumerId] of [
    ['of-ann', 'ann'],
    ['of-shop', 'shop'],
  ] as const) {
    value(await store.createCredential({ consumerId, keyId, keySecret: 'old', scopes: ['read'] }));
  }
  return { user, app };
}

const whether = (after: boolean): State => (after ? 'after' : 'before');

async function isEffective({ reader }: Workbench, keyId: string): Promise<boolean> {
  const credential = await reader.readCredential(keyId);
  const holder = credential && (await reader.readHolder(credential));
  return holder?.user !== undefined && (keyId === 'of-ann' || holder.application !== undefined);
}

async function nothingLeftOf({ client, tableName }: Workbench, id: string): Promise<void> {
  expect((await allKeys(client, tableName)).join('\n')).not.toContain(id);
}

const scenarios: readonly Scenario[] = [
  {
    name: 'rename',
    run: (store, { app }) => store.updateApplication(app, { name: 'store' }),
    async state({ store }) {
      const found = [await store.getApplication('shop'), await store.getApplication('store')];
      expect(found.filter(({ ok }) => ok)).toHaveLength(1);
      return whether(found[1]?.ok === true);
    },
    async settled({ store }) {
      expect(await store.createApplication({ userId: 'ann', name: 'store' })).toMatchObject({ ok: false });
      expect(await store.createApplication({ userId: 'ann', name: 'shop' })).toMatchObject({ ok: true });
    },
  },
  {
    name: 'change of a user',
    run: (store, { user }) => store.updateUser(user, { email: 'a@x.example', properties: { plan: 'gold' } }),
    async state({ store }, { user }) {
      const { email, properties } = value(await store.getUser(user));
      expect(properties['plan'] === 'gold').toBe(email !== undefined);
      return whether(email !== undefined);
    },
  },
  {
    name: 'change of scopes',
    run: (store) => store.changeScopes('of-ann', { set: ['write'] }),
    async state({ reader }) {
      const scopes = (await reader.readCredential('of-ann'))?.scopes;
      expect(['read', 'write']).toContain(scopes?.join());
      return whether(scopes?.join() === 'write');
    },
  },
  {
    name: 'deletion of a scope',
    run: (store) => store.deleteScope('read'),
    state: async ({ store }) => whether(!(await store.hasScope('read'))),
    async settled({ store, reader }) {
      value(await store.createScopes(['read']));
      for (const keyId of ['of-ann', 'of-shop'])
        expect((await reader.readCredential(keyId))?.scopes).toEqual([]);
    },
  },
  {
    name: 'rotation',
    run: (store) => store.rotateCredential('of-ann', { keySecret: 'new' }),
    async state(bench) {
      const { keys = [] } = (await readCredentialKeys(bench, 'of-ann')) ?? {};
      const counting = countingKeys(keys, START_MS / 1000);
      const [current, ...previous] = counting.map((key) => 'keySecret' in key && key.keySecret);
      expect(['old', 'new']).toContain(current);
      // A second rotation ends the key of before the first.
      expect(previous).toEqual(current === 'old' ? [] : [expect.stringMatching(/^(old|new)$/)]);
      return whether(current === 'new');
    },
  },
  {
    name: 'deletion of a user',
    run: (store, { user }) => store.deleteUser(user),
    async state(bench) {
      const effective = [await isEffective(bench, 'of-ann'), await isEffective(bench, 'of-shop')];
      expect(effective[0]).toBe(effective[1]);
      expect((await bench.store.getUser('ann')).ok).toBe(effective[0]);
      return whether(!effective[0]);
    },
    async settled(bench, { user, app }) {
      await nothingLeftOf(bench, user);
      await nothingLeftOf(bench, app);
      await nothingLeftOf(bench, 'of-');
    },
  },
  {
    name: 'deletion of an application',
    run: (store, { app }) => store.deleteApplication(app),
    async state(bench) {
      const isShop = await isEffective(bench, 'of-shop');
      expect((await bench.store.getApplication('shop')).ok).toBe(isShop);
      expect(await isEffective(bench, 'of-ann')).toBe(true);
      return whether(!isShop);
    },
    settled: (bench, { app }) => nothingLeftOf(bench, app),
  },
  {
    name: 'deletion of a credential',
    run: (store) => store.deleteCredential('of-shop'),
    state: async (bench) => whether(!(await isEffective(bench, 'of-shop'))),
    settled: (bench) => nothingLeftOf(bench, 'of-shop'),
  },
];

/** @returns whether the fault was met: there are at least so many calls. */
async function survive(scenario: Scenario, bench: Workbench, fault: Fault): Promise<boolean> {
  const { store, clock, withFault } = bench;
  const ids = await prepare(store);
  const broken = withFault(fault);
  const first = await scenario.run(broken.store, ids).catch((error: unknown) => error);
  if (first instanceof Error) expect(first).toMatchObject({ name: 'StoreUnavailable' });
  const state = await scenario.state(bench, ids);
  if (!(first instanceof Error)) expect(state).toBe('after');

  const second = await scenario.run(store, ids);
  if (state === 'before') expect(second).toMatchObject({ ok: true });
  expect(await scenario.state(bench, ids)).toBe('after');

  await store.resumeCleanUp();
  clock.nowMs += DEAD_AFTER_MS;
  expect(await scenario.state(bench, ids)).toBe('after');
  await scenario.settled?.(bench, ids);
  return broken.calls() >= fault.nth;
}

export function changeCrashContract(another: () => Promise<Workbench>): void {
  describe('a change that fails', () => {
    for (const scenario of scenarios) {
      for (const kind of ['crash', 'glitch'] as const) {
        test.each([false, true])(`${scenario.name}, ${kind}, late: %s`, { timeout: 60_000 }, async (late) => {
          let nth = 1;
          while (await survive(scenario, await another(), { nth, kind, late })) nth += 1;
          // Otherwise the faults hit nothing.
          expect(nth).toBeGreaterThan(2);
        });
      }
    }
  });
}
