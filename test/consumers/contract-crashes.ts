/**
 * A writer fails at every one of its calls in turn: before the call goes out or after it took effect, once
 * or for good. Whatever is left must not count by halves, and must not block the next try for longer than a
 * dead maker does.
 */
import { describe, expect, test } from 'vitest';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { DEAD_AFTER_MS, type Fault, type Workbench } from './workbench.ts';

interface Scenario {
  readonly name: string;
  readonly taken: string;
  prepare(store: ConsumerStore): Promise<unknown>;
  create(store: ConsumerStore): Promise<{ ok: boolean; code?: string; isBeingMade?: true }>;
  /** Nothing counts by halves. @returns how many records count. */
  live(bench: Workbench): Promise<number>;
}

const ID = '0b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e01';

const made: readonly Scenario[] = [
  {
    name: 'user',
    taken: 'username_taken',
    prepare: async () => undefined,
    create: (store) => store.createUser({ username: 'ann' }),
    async live({ store }) {
      const { items } = await store.listUsers();
      const named = await store.getUser('ann');
      expect(items).toEqual(named.ok ? [named.value] : []);
      return items.length;
    },
  },
  {
    name: 'application',
    taken: 'application_name_taken',
    prepare: (store) => store.createUser({ username: 'ann' }),
    create: (store) => store.createApplication({ userId: 'ann', name: 'shop' }),
    async live({ store, item }) {
      const { items } = await store.listApplications();
      const named = await store.getApplication('shop');
      expect(items).toEqual(named.ok ? [named.value] : []);
      for (const { id, userId } of items) expect(await item(`user#${userId}`, `app#${id}`)).toBeDefined();
      return items.length;
    },
  },
  {
    name: 'credential',
    taken: 'key_id_taken',
    async prepare(store) {
      await store.createUser({ username: 'ann' });
      await store.createApplication({ userId: 'ann', name: 'shop' });
      await store.createScopes(['read']);
    },
    create: (store) => store.createCredential({ consumerId: 'shop', keyId: 'k', scopes: ['read'] }),
    async live({ store, reader, item }) {
      const { items } = await store.listCredentials();
      const credential = await reader.readCredential('k');
      expect(items).toEqual(credential ? [credential] : []);
      if (credential === undefined) return 0;
      expect(await item('cred#k', 'key#1')).toHaveProperty('keySecret');
      const consumer = { type: credential.consumerType, id: credential.consumerId };
      expect((await store.listCredentialsOf(consumer)).items).toEqual([credential]);
      return 1;
    },
  },
  {
    name: 'scopes',
    taken: 'scope_exists',
    prepare: async () => undefined,
    create: (store) => store.createScopes(['a', 'b']),
    async live({ store }) {
      const scopes = await store.listScopes();
      expect(scopes.length === 0 || scopes.length === 2).toBe(true);
      return scopes.length / 2;
    },
  },
];

/** The same with an id that is given, as an import does it: the next try is a maker of the same id. */
const withIds: readonly Scenario[] = made.slice(0, 2).map((scenario, index) => ({
  ...scenario,
  name: `${scenario.name} with an id that is given`,
  taken: 'id_taken',
  create: (store) =>
    index === 0
      ? store.createUser({ id: ID, username: 'ann' })
      : store.createApplication({ id: ID, userId: 'ann', name: 'shop' }),
}));

const scenarios = [...made, ...withIds];

/** @returns whether the fault was met: the writer makes at least so many calls. */
async function survive(scenario: Scenario, bench: Workbench, fault: Fault): Promise<boolean> {
  const { store, clock, withFault } = bench;
  await scenario.prepare(store);
  const broken = withFault(fault);
  const first = await scenario.create(broken.store).catch((error: unknown) => error);
  if (broken.calls() < fault.nth) {
    expect(first).toMatchObject({ ok: true });
    return false;
  }
  const before = await scenario.live(bench);
  if (!(first instanceof Error)) expect(before).toBe(1);
  else expect(first).toMatchObject({ name: 'StoreUnavailable' });

  // At once: either it works, or says that there is one (or may be one, for 30 s).
  const second = await scenario.create(store);
  if (second.ok) expect(before).toBe(0);
  // What is there is told from what may yet be: who waits does so for the latter alone.
  else expect([second.code, second.isBeingMade]).toEqual([scenario.taken, before === 1 ? undefined : true]);
  expect(await scenario.live(bench)).toBe(second.ok ? 1 : before);
  // A single lost call blocks nobody.
  if (fault.kind === 'glitch') expect(await scenario.live(bench)).toBe(1);

  clock.nowMs += DEAD_AFTER_MS;
  const third = await scenario.create(store);
  expect(third).toMatchObject(second.ok || before === 1 ? { ok: false, code: scenario.taken } : { ok: true });
  expect(await scenario.live(bench)).toBe(1);
  return true;
}

export function crashContract(another: () => Promise<Workbench>): void {
  describe('a writer that fails', () => {
    for (const scenario of scenarios) {
      for (const kind of ['crash', 'glitch'] as const) {
        test.each([false, true])(`${scenario.name}, ${kind}, late: %s`, async (late) => {
          let nth = 1;
          while (await survive(scenario, await another(), { nth, kind, late })) nth += 1;
          // Otherwise the faults hit nothing.
          expect(nth).toBeGreaterThan(scenario.name === 'scopes' ? 1 : 3);
        });
      }
    }
  });
}
