import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { START_MS, value, type Workbench } from './workbench.ts';

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

    test('an id goes before a name', async () => {
      const { store } = bench();
      const ann = value(await store.createUser({ username: 'ann' }));
      value(await store.createUser({ username: ann.id }));
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

    test('a credential shows a generated secret once', async () => {
      const { store, reader, item } = bench();
      const ann = value(await store.createUser({ username: 'ann' }));
      const { credential, keySecret = '' } = value(await store.createCredential({ consumerId: 'ann' }));
      expect(Buffer.from(credential.keyId, 'base64url')).toHaveLength(16);
      expect(Buffer.from(keySecret, 'base64url')).toHaveLength(64);
      expect(credential).toMatchObject({ consumerId: ann.id, consumerType: 'user', scopes: [] });
      const consumer = { type: 'user', id: ann.id } as const;
      const reads = [
        await store.getCredential(credential.keyId),
        await store.listCredentials(),
        await store.listCredentialsOf(consumer),
        await reader.readCredential(credential.keyId),
        await item(`cred#${credential.keyId}`, 'record'),
      ];
      for (const read of reads) {
        expect(JSON.stringify(read)).toContain(credential.keyId);
        expect(JSON.stringify(read)).not.toContain(keySecret);
      }
      expect(await item(`cred#${credential.keyId}`, 'key#1')).toMatchObject({ keySecret: { S: keySecret } });
    });

    test('a credential keeps what its maker chose', async () => {
      const { store } = bench();
      value(await store.createUser({ username: 'ann' }));
      const shop = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
      value(await store.createScopes(['read', 'write']));
      const chosen = {
        keyId: 'shop-key',
        issuer: 'https://id.example.com/',
        apiKey: 'usage-plan-key',
        isActive: false,
        expiresAtSeconds: 1_900_000_000,
        properties: { note: 'x' },
      };
      const { credential, keySecret } = value(
        await store.createCredential({
          ...chosen,
          consumerId: 'shop',
          keySecret: 'given',
          scopes: ['write', 'read', 'read'],
        }),
      );
      expect(keySecret).toBe('given');
      expect(credential).toEqual({
        ...chosen,
        type: 'jwt',
        consumerId: shop.id,
        consumerType: 'application',
        ownerUserId: shop.userId,
        scopes: ['read', 'write'],
        createdAt,
        updatedAt: createdAt,
      });
      expect(value(await store.getCredential('shop-key'))).toEqual(credential);
      const taken = await store.createCredential({ consumerId: 'ann', keyId: 'shop-key' });
      expect(taken).toEqual({ ok: false, code: 'key_id_taken' });
    });

    test('a credential with a public key has no secret', async () => {
      const { store, item } = bench();
      value(await store.createUser({ username: 'ann' }));
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const made = value(
        await store.createCredential({
          consumerId: 'ann',
          keyId: 'k',
          publicKey: pem,
          algorithm: 'ES256',
        }),
      );
      expect(made).not.toHaveProperty('keySecret');
      const slot = await item('cred#k', 'key#1');
      expect(slot).toMatchObject({ publicKey: { S: pem }, algorithm: { S: 'ES256' } });
      expect(slot).not.toHaveProperty('keySecret');
    });

    test('a credential needs a consumer and scopes that exist', async () => {
      const { store } = bench();
      for (const username of ['ann', 'bob']) {
        value(await store.createUser({ username }));
        value(await store.createApplication({ userId: username, name: 'shop' }));
      }
      value(await store.createScopes(['read']));
      expect(await store.createCredential({ consumerId: 'eve' })).toEqual({
        ok: false,
        code: 'consumer_not_found',
      });
      expect(await store.createCredential({ consumerId: 'shop' })).toEqual({
        ok: false,
        code: 'consumer_ambiguous',
      });
      expect(
        await store.createCredential({ consumerId: 'ann', keyId: 'k', scopes: ['read', 'write'] }),
      ).toEqual({ ok: false, code: 'scope_unknown', scopes: ['write'] });
      expect(await store.createCredential({ consumerId: 'ann', keyId: 'k', scopes: ['read'] })).toMatchObject(
        {
          ok: true,
        },
      );
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

    test("a consumer's credentials come in pages, in order of keyId", async () => {
      const { store } = bench();
      const ann = value(await store.createUser({ username: 'ann' }));
      value(await store.createUser({ username: 'bob' }));
      for (const keyId of ['k!', 'k', '~', 'k2']) {
        value(await store.createCredential({ consumerId: 'ann', keyId }));
      }
      value(await store.createCredential({ consumerId: 'bob', keyId: 'bobs' }));
      const consumer = { type: 'user', id: ann.id } as const;
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.listCredentialsOf(consumer, { limit: 1, ...(after && { after }) });
        seen.push(...page.items.map((credential) => credential.keyId));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(['k', 'k!', 'k2', '~']);
    });
  });
}
