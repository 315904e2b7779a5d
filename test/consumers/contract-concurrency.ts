import { describe, expect, test } from 'vitest';
import { value, type Workbench } from './workbench.ts';

const WRITERS = 20;

/** Runs as many writers at once and counts their outcomes by code. */
async function race(write: (writer: number) => Promise<{ ok: boolean; code?: string }>) {
  const outcomes = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const counts: Record<string, number> = {};
  for (const { ok, code = '' } of outcomes) {
    const key = ok ? 'ok' : code;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

export function concurrencyContract(bench: () => Workbench): void {
  describe('concurrent writers', () => {
    test('one gets the username', async () => {
      const { store } = bench();
      const counts = await race(() => store.createUser({ username: 'ann' }));
      expect(counts).toEqual({ ok: 1, username_taken: WRITERS - 1 });
      const { items } = await store.listUsers();
      expect(items).toEqual([value(await store.getUser('ann'))]);
    });

    test("one gets the application's name, its twin at another user too", async () => {
      const { store } = bench();
      for (const username of ['u0', 'u1']) value(await store.createUser({ username }));
      const counts = await race((writer) =>
        store.createApplication({ userId: `u${writer % 2}`, name: 'shop' }),
      );
      expect(counts).toEqual({ ok: 2, application_name_taken: WRITERS - 2 });
      expect((await store.listApplications()).items).toHaveLength(2);
    });

    test('one gets the keyId, and the key in the table is its own', async () => {
      const { store, item } = bench();
      const secrets: string[] = [];
      for (const username of ['u0', 'u1']) value(await store.createUser({ username }));
      const counts = await race(async (writer) => {
        const made = await store.createCredential({ consumerId: `u${writer % 2}`, keyId: 'k' });
        if (made.ok) secrets.push(made.value.keySecret ?? '');
        return made;
      });
      expect(counts).toEqual({ ok: 1, key_id_taken: WRITERS - 1 });
      expect(await item('cred#k', 'key#1')).toMatchObject({ keySecret: { S: secrets[0] } });
    });

    test('one makes the scope', async () => {
      const { store } = bench();
      const counts = await race((writer) => store.createScopes([`own:${writer}`, 'shared']));
      expect(counts).toEqual({ ok: 1, scope_exists: WRITERS - 1 });
      expect(await store.listScopes()).toHaveLength(2);
    });

    test('many take over the name of a dead maker, one gets it', async () => {
      const { store, withFault, clock } = bench();
      // Pending record, claim, crash.
      const dying = withFault({ nth: 3, kind: 'crash', late: false }).store;
      await expect(dying.createUser({ username: 'ann' })).rejects.toMatchObject({ name: 'StoreUnavailable' });
      clock.nowMs += 30_000;
      const tooEarly = await race(() => store.createUser({ username: 'ann' }));
      expect(tooEarly).toEqual({ username_taken: WRITERS });
      clock.nowMs += 1;
      const counts = await race(() => store.createUser({ username: 'ann' }));
      expect(counts).toEqual({ ok: 1, username_taken: WRITERS - 1 });
      expect((await store.listUsers()).items).toEqual([value(await store.getUser('ann'))]);
    });
  });
}
