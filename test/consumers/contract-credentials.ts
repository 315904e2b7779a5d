import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { START_MS, value, type Workbench } from './workbench.ts';

const createdAt = new Date(START_MS).toISOString();

export function credentialsContract(bench: () => Workbench): void {
  describe('credentials', () => {
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
