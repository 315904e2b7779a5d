import { randomUUID } from 'node:crypto';
import { ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { recordInputs, START_MS, value, type Workbench } from './workbench.ts';

const annsId = '0b54fc9f-6a5a-4b57-8c4b-1b1f6c7d9e01';
const createdAt = new Date(START_MS).toISOString();

export function recordsContract(bench: () => Workbench): void {
  describe('records', () => {
    test('ensureTable takes an existing table as it is', async () => {
      const { client, tableName, store } = bench();
      value(await store.createUser({ username: 'ann' }));
      await ensureTable(client, tableName);
      expect(await store.getUser('ann')).toMatchObject({ ok: true });
    });

    test('a user is found by id and by name as it was made', async () => {
      const { store } = bench();
      const properties = { plan: 'gold', nested: { list: [1, 2.5, null, ''] } };
      const user = value(
        await store.createUser({ username: 'ann', firstname: '', email: 'a@x.example', properties }),
      );
      expect(user).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        username: 'ann',
        firstname: '',
        email: 'a@x.example',
        isActive: true,
        createdAt,
        updatedAt: createdAt,
        properties,
      });
      expect(value(await store.getUser(user.id))).toEqual(user);
      expect(value(await store.getUser('ann'))).toEqual(user);
      expect(await store.getUser('Ann')).toEqual({ ok: false, code: 'user_not_found' });
    });

    // An id goes before a name, so calls that name this user would reach the other.
    test('no name is another one’s id', async () => {
      const { store } = bench();
      const ann = value(await store.createUser({ username: 'ann' }));
      expect(await store.createUser({ username: ann.id })).toMatchObject({ code: 'invalid_input' });
      const app = { userId: 'ann', name: ann.id.toUpperCase() };
      expect(await store.createApplication(app)).toMatchObject({ code: 'invalid_input' });
      expect(value(await store.getUser(ann.id)).username).toBe('ann');
    });

    test('usernames are unique, application names are unique per user', async () => {
      const { store } = bench();
      const ann = value(await store.createUser({ username: 'ann' }));
      value(await store.createUser({ username: 'bob' }));
      expect(await store.createUser({ username: 'ann' })).toEqual({ ok: false, code: 'username_taken' });
      const shop = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
      expect(shop).toMatchObject({ userId: ann.id, name: 'shop', isActive: true });
      expect(value(await store.getApplication('shop'))).toEqual(shop);
      const again = await store.createApplication({ userId: ann.id, name: 'shop' });
      expect(again).toEqual({ ok: false, code: 'application_name_taken' });
      value(await store.createApplication({ userId: 'bob', name: 'shop' }));
      expect(await store.getApplication('shop')).toEqual({ ok: false, code: 'application_ambiguous' });
      expect(value(await store.getApplication(shop.id))).toEqual(shop);
      expect(await store.getApplication('other')).toEqual({ ok: false, code: 'application_not_found' });
      const orphan = await store.createApplication({ userId: 'eve', name: 'shop' });
      expect(orphan).toEqual({ ok: false, code: 'user_not_found' });
    });

    test('an id may be given, once', async () => {
      const { store } = bench();
      const [annId, shopId] = [randomUUID(), randomUUID()];
      const ann = value(await store.createUser({ id: annId, username: 'ann' }));
      expect(ann.id).toBe(annId);
      const shop = value(await store.createApplication({ id: shopId, userId: annId, name: 'shop' }));
      expect(shop.id).toBe(shopId);
      expect(value(await store.getApplication(shopId))).toEqual(shop);
      const taken = { ok: false, code: 'id_taken' };
      expect(await store.createUser({ id: annId, username: 'eve' })).toEqual(taken);
      expect(await store.getUser('eve')).toMatchObject({ ok: false });
      expect(await store.createApplication({ id: shopId, userId: annId, name: 'other' })).toEqual(taken);
      // Of the other sort too: credentials are made for an id, whatever it is of.
      expect(await store.createUser({ id: shopId, username: 'eve' })).toEqual(taken);
      expect(await store.createApplication({ id: annId, userId: annId, name: 'other' })).toEqual(taken);
      expect(await store.createUser({ id: randomUUID(), username: 'ann' })).toMatchObject({
        code: 'username_taken',
      });
    });

    test.each(['', '1', 'ann', annsId.toUpperCase(), `${annsId} `, `{${annsId}}`])(
      'no id is %j',
      async (id) => {
        const { store } = bench();
        const problems = [{ field: 'id', problem: 'must be a UUID in lower case' }];
        const refused = { ok: false, code: 'invalid_input', problems };
        expect(await store.createUser({ id, username: 'ann' })).toEqual(refused);
        value(await store.createUser({ username: 'ann' }));
        expect(await store.createApplication({ id, userId: 'ann', name: 'shop' })).toEqual(refused);
      },
    );

    test('an id is free again when its record is deleted and cleaned up', async () => {
      const { store } = bench();
      value(await store.createUser({ id: annsId, username: 'ann' }));
      value(await store.createCredential({ consumerId: annsId, keyId: 'k' }));
      expect(await store.deleteUser(annsId)).toEqual({ ok: true, value: { cleanedUp: true } });
      value(await store.createUser({ id: annsId, username: 'bob' }));
      expect((await store.listCredentials()).items).toEqual([]);
      expect(await store.getUser('ann')).toMatchObject({ ok: false });
    });

    test('scopes are made all or none', async () => {
      const { store } = bench();
      expect(await store.listScopes()).toEqual([]);
      expect(await store.createScopes(['b', 'a', 'a'])).toEqual({ ok: true, value: ['b', 'a'] });
      const again = await store.createScopes(['c', 'b']);
      expect(again).toEqual({ ok: false, code: 'scope_exists', scopes: ['b'] });
      expect(await store.listScopes()).toEqual(['a', 'b']);
    });

    test('50 scopes fit one call, 51 do not', async () => {
      const { store } = bench();
      const scopes = Array.from({ length: 51 }, (_, index) => `scope:${index}`);
      expect(await store.createScopes(scopes)).toMatchObject({ ok: false, code: 'invalid_input' });
      expect(await store.createScopes(scopes.slice(1))).toMatchObject({ ok: true });
    });

    test('a mistake in the input writes nothing', async () => {
      const { store, client } = bench();
      value(await store.createUser({ username: 'ann' }));
      const inputs = recordInputs(client);
      await store.createCredential({ consumerId: 'ann', scopes: ['unknown'] });
      await store.createApplication({ userId: 'eve', name: 'shop' });
      await store.createUser({ username: '' });
      expect(inputs.filter((input) => 'Item' in input || 'UpdateExpression' in input)).toEqual([]);
    });

    test('nothing that is live is ever purged', async () => {
      const { store, client, tableName } = bench();
      value(await store.createUser({ username: 'ann' }));
      value(await store.createApplication({ userId: 'ann', name: 'shop' }));
      value(await store.createCredential({ consumerId: 'shop' }));
      const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
      expect(Items.filter((item) => item['sk']?.S === 'record')).toHaveLength(3);
      for (const item of Items) {
        expect(item).not.toHaveProperty('purgeAtSeconds');
        expect(item).not.toHaveProperty('phase');
      }
    });

    test('the name of a user that is being deleted is free at once', async () => {
      const { store, client, tableName } = bench();
      const { id } = value(await store.createUser({ username: 'ann' }));
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: `user#${id}` }, sk: { S: 'record' } },
          UpdateExpression: 'SET phase = :phase',
          ExpressionAttributeValues: { ':phase': { S: 'deleting' } },
        }),
      );
      expect(await store.getUser('ann')).toEqual({ ok: false, code: 'user_not_found' });
      const next = value(await store.createUser({ username: 'ann' }));
      expect(value(await store.getUser('ann'))).toEqual(next);
    });

    test('a list holds what the table says, whatever the index has of it', async () => {
      const { client, store } = bench();
      const ann = value(await store.createUser({ username: 'ann' }));
      client.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          const { Items: [entry] = [] } = result.output as { Items?: Record<string, { S: string }>[] };
          // Left behind by a kill: one of a record that was made anew since, one of a record that was never made.
          const older = { ...entry, listSk: { S: '2026-01-01T00:00:00.000Z#older' } };
          const never = { ...older, pk: { S: 'user#never' }, id: { S: 'never' } };
          // Not there yet: that the user was deactivated.
          const fresh = { ...entry, isActive: { BOOL: true } };
          if (entry !== undefined) Object.assign(result.output, { Items: [older, never, fresh] });
          return result;
        },
        { step: 'initialize' },
      );
      await store.setUserActive(ann.id, false);
      const { items } = await store.listUsers();
      expect(items).toMatchObject([{ id: ann.id, isActive: false }]);
    });

    test('lists come in pages, in order of creation', async () => {
      const { store, clock } = bench();
      for (const username of ['u1', 'u2', 'u3']) {
        value(await store.createUser({ username }));
        clock.nowMs += 1;
      }
      const first = await store.listUsers({ limit: 2 });
      expect(first.items.map((user) => user.username)).toEqual(['u1', 'u2']);
      const second = await store.listUsers({ limit: 2, after: first.next ?? '' });
      expect(second.items.map((user) => user.username)).toEqual(['u3']);
      expect(second).not.toHaveProperty('next');
      const { id } = value(await store.createApplication({ userId: 'u1', name: 'shop' }));
      expect((await store.listApplications()).items.map((application) => application.id)).toEqual([id]);
    });
  });
}
