import { describe, expect, test } from 'vitest';
import { START_MS, value, type Workbench } from './workbench.ts';

const LATER_MS = START_MS + 60_000;
const updatedAt = new Date(LATER_MS).toISOString();

export function changesContract(bench: () => Workbench): void {
  describe('changes of users and applications', () => {
    test('what is not given stays, null takes away, properties are merged', async () => {
      const { store, clock } = bench();
      const made = { username: 'ann', firstname: 'Ann', email: 'a@x.example', properties: { a: 1, b: 2 } };
      const ann = value(await store.createUser(made));
      clock.nowMs = LATER_MS;
      const changed = value(
        await store.updateUser(ann.id, { email: null, lastname: 'Lee', properties: { b: null, c: [3] } }),
      );
      const { email: _, ...rest } = ann;
      expect(changed).toEqual({ ...rest, lastname: 'Lee', properties: { a: 1, c: [3] }, updatedAt });
      expect(value(await store.getUser('ann'))).toEqual(changed);
      expect(value(await store.updateUser(ann.id, { properties: { a: null, c: null } })).properties).toEqual(
        {},
      );
    });

    test('concurrent changes of different properties all stay', async () => {
      const { store } = bench();
      const { id } = value(await store.createUser({ username: 'ann' }));
      const names = ['a', 'b', 'c'];
      for (const name of names) {
        // Enough tries for three at once.
        value(await store.updateUser(id, { properties: { [name]: 0 } }));
      }
      await Promise.all(names.map((name) => store.updateUser(id, { properties: { [name]: 1 } })));
      expect(value(await store.getUser(id)).properties).toEqual({ a: 1, b: 1, c: 1 });
    });

    test('a change keeps to the limits of what is stored', async () => {
      const { store } = bench();
      const properties = { k: 'x'.repeat(60_000) };
      const { id } = value(await store.createUser({ username: 'ann', properties }));
      const refused = { ok: false, code: 'invalid_input' };
      expect(await store.updateUser(id, { properties: { l: 'x'.repeat(6_000) } })).toMatchObject(refused);
      expect(await store.updateUser(id, { properties: { isActive: true } })).toMatchObject(refused);
      expect(await store.updateUser(id, { email: 'a\nb' })).toMatchObject(refused);
      expect(await store.updateUser('nobody', {})).toEqual({ ok: false, code: 'user_not_found' });
      expect(await store.updateApplication('none', { name: '' })).toMatchObject(refused);
      expect(await store.updateApplication('none', { name: 'x' })).toEqual({
        ok: false,
        code: 'application_not_found',
      });
    });

    test('a renamed application is found by its new name alone, the old one is free', async () => {
      const { store, item } = bench();
      const { id: userId } = value(await store.createUser({ username: 'ann' }));
      const shop = value(await store.createApplication({ userId, name: 'shop' }));
      value(await store.createApplication({ userId, name: 'other' }));
      expect(await store.updateApplication(shop.id, { name: 'other' })).toEqual({
        ok: false,
        code: 'application_name_taken',
      });
      const renamed = value(await store.updateApplication(shop.id, { name: 'store', redirectUri: 'x:y' }));
      expect(renamed).toMatchObject({ id: shop.id, name: 'store', redirectUri: 'x:y' });
      expect(value(await store.getApplication('store'))).toEqual(renamed);
      expect(await store.getApplication('shop')).toMatchObject({ code: 'application_not_found' });
      expect(await item('appname#shop', `user#${userId}`)).toBeUndefined();
      value(await store.createApplication({ userId, name: 'shop' }));
      expect(await store.updateApplication(shop.id, { name: 'shop' })).toMatchObject({ ok: false });
      expect(value(await store.updateApplication(shop.id, { name: 'store' })).name).toBe('store');
    });

    test('of many that want one name, one gets it', async () => {
      const { store } = bench();
      const { id: userId } = value(await store.createUser({ username: 'ann' }));
      const ids: string[] = [];
      for (let index = 0; index < 6; index += 1) {
        ids.push(value(await store.createApplication({ userId, name: `app${index}` })).id);
      }
      const outcomes = await Promise.all(ids.map((id) => store.updateApplication(id, { name: 'shop' })));
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      const names = (await store.listApplications()).items.map(({ name }) => name);
      expect(new Set(names).size).toBe(6);
      expect(names).toContain('shop');
    });

    test('two that swap their names end with different ones', async () => {
      const { store } = bench();
      const { id: userId } = value(await store.createUser({ username: 'ann' }));
      const a = value(await store.createApplication({ userId, name: 'a' })).id;
      await Promise.all(
        ['b', 'a', 'b', 'a'].map((name) => store.updateApplication(a, { name }).catch(() => undefined)),
      );
      const { name } = value(await store.getApplication(a));
      expect(await store.createApplication({ userId, name })).toMatchObject({
        code: 'application_name_taken',
      });
      expect(await store.createApplication({ userId, name: name === 'a' ? 'b' : 'a' })).toMatchObject({
        ok: true,
      });
    });
  });
}
