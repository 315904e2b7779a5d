import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { createFindRevocation } from '../../lambda/consumers/find-revocation.ts';
import type { NamedToken } from '../../lambda/consumers/token-names.ts';
import { jtiHashOf, tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { countCalls, START_MS, value, type Workbench } from './workbench.ts';

const NOW = START_MS / 1000;
const FOR_EVER = 253_402_300_799;
const token = (more: Partial<NamedToken> = {}): NamedToken => ({ signedPart: 'header.payload', ...more });

export function revocationsContract(bench: () => Workbench): void {
  describe('revocations', () => {
    const isRevoked = async (named: NamedToken) => {
      const { reader, clock } = bench();
      return (await createFindRevocation(reader, { seconds: 0, now: () => clock.nowMs })(named)).isRevoked;
    };

    test('a token by its hash: that one, however its signature is spelled', async () => {
      const { store } = bench();
      expect(await isRevoked(token())).toBe(false);
      value(
        await store.revokeToken({ tokenHash: tokenHashOf('header.payload'), expiresAtSeconds: NOW + 60 }),
      );
      expect(await isRevoked(token())).toBe(true);
      expect(await isRevoked(token({ jti: 'any', issuer: 'any' }))).toBe(true);
      expect(await isRevoked(token({ signedPart: 'header.payloae' }))).toBe(false);
    });

    test('a token by its jti, which is its issuer’s own', async () => {
      value(await bench().store.revokeToken({ jti: '7', issuer: 'https://a' }));
      expect(await isRevoked(token({ jti: '7', issuer: 'https://a' }))).toBe(true);
      expect(await isRevoked(token({ jti: '7', issuer: 'https://b' }))).toBe(false);
      expect(await isRevoked(token({ jti: '7' }))).toBe(false);
      expect(await isRevoked(token({ jti: '77', issuer: 'https://a' }))).toBe(false);
      value(await bench().store.revokeToken({ jti: '8' }));
      expect(await isRevoked(token({ jti: '8' }))).toBe(true);
      expect(await isRevoked(token({ jti: '8', issuer: 'https://a' }))).toBe(false);
    });

    test('is kept until the token has expired by every clock, and never shorter than before', async () => {
      const { store, item } = bench();
      const revokeTwice = async (jti: string) => {
        value(await store.revokeToken({ jti, expiresAtSeconds: NOW + 60 }));
        value(await store.revokeToken({ jti, expiresAtSeconds: NOW + 30 }));
        // Just expired, and still good by the slowest of clocks.
        value(await store.revokeToken({ jti, expiresAtSeconds: NOW - 3_599 }));
      };
      await revokeTwice('a');
      value(await store.revokeToken({ jti: 'b' }));
      await revokeTwice('b');
      const tokenRecord = (hash: string) => item(`revoked#jti#${hash}`, 'record');
      expect(await tokenRecord(jtiHashOf('a'))).toMatchObject({
        purgeAtSeconds: { N: String(NOW + 60 + 3_600) },
      });
      expect(await tokenRecord(jtiHashOf('b'))).not.toHaveProperty('purgeAtSeconds');
      expect(await item('revoked#all', 'record')).toMatchObject({
        tokensUntilSeconds: { N: String(FOR_EVER) },
      });
    });

    test('no name of a token lies in the table as it is', async () => {
      const { store, client, tableName } = bench();
      value(await store.revokeToken({ jti: 'personal-4711', issuer: 'https://issuer-4711' }));
      const { Items } = await client.send(new ScanCommand({ TableName: tableName }));
      expect(JSON.stringify(Items)).not.toContain('4711');
    });

    test.each([
      { tokenHash: '' },
      { tokenHash: 'a'.repeat(42) },
      { tokenHash: `${'a'.repeat(42)}=` },
      { jti: '' },
      { jti: 'a'.repeat(8_193) },
      { jti: '7', issuer: '' },
      { jti: '7', expiresAtSeconds: 0 },
      { jti: '7', expiresAtSeconds: 1.5 },
      { jti: '7', expiresAtSeconds: NOW - 3_600 },
    ])('%j is no token', async (input) => {
      expect(await bench().store.revokeToken(input)).toMatchObject({ ok: false, code: 'invalid_input' });
      expect(await bench().item('revoked#all', 'record')).toBeUndefined();
    });

    test('all that were issued before a moment: the latest counts', async () => {
      const { store, reader } = bench();
      expect(await reader.readRevocations()).toEqual({});
      expect(value(await store.revokeIssuedBefore('all'))).toBe(NOW);
      expect(value(await store.revokeIssuedBefore('all', NOW - 10))).toBe(NOW);
      expect(await reader.readRevocations()).toEqual({ issuedBeforeSeconds: NOW });
      expect(value(await store.revokeIssuedBefore('all', NOW + 60))).toBe(NOW + 60);
      expect(await store.revokeIssuedBefore('all', NOW + 61)).toMatchObject({ code: 'invalid_input' });
    });

    test("a consumer's that were issued before a moment: the latest counts, and it stays with the record", async () => {
      const { store, reader } = bench();
      const user = value(await store.createUser({ username: 'ann' }));
      const shop = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
      value(await store.createCredential({ consumerId: 'shop', keyId: 'k' }));
      const holder = async () => {
        const credential = await reader.readCredential('k');
        return credential && reader.readHolder(credential);
      };
      expect(value(await store.revokeIssuedBefore({ type: 'user', id: user.id }, NOW - 10))).toBe(NOW - 10);
      expect(value(await store.revokeIssuedBefore({ type: 'user', id: user.id }, NOW - 20))).toBe(NOW - 10);
      expect(await holder()).toEqual({
        user: { ...user, issuedBeforeSeconds: NOW - 10 },
        application: shop,
      });
      value(await store.updateUser(user.id, { email: 'a@example.com' }));
      value(await store.setUserActive(user.id, false));
      expect(value(await store.revokeIssuedBefore({ type: 'application', id: shop.id }))).toBe(NOW);
      expect(await holder()).toMatchObject({
        user: { issuedBeforeSeconds: NOW - 10, isActive: false },
        application: { issuedBeforeSeconds: NOW },
      });
    });

    test('of nobody, and of who is deleted, there is nothing to revoke', async () => {
      const { store, item } = bench();
      const { id } = value(await store.createUser({ username: 'ann' }));
      const notFound = { ok: false, code: 'consumer_not_found' };
      expect(await store.revokeIssuedBefore({ type: 'application', id })).toEqual(notFound);
      expect(await store.revokeIssuedBefore({ type: 'user', id: '' })).toEqual(notFound);
      value(await store.deleteUser(id));
      expect(await store.revokeIssuedBefore({ type: 'user', id })).toEqual(notFound);
      expect(await item(`user#${id}`, 'record')).toBeUndefined();
    });

    test('a crash between the two writes of a revocation revokes nothing, and the next try does', async () => {
      const crashed = bench().withFault({ nth: 2, kind: 'crash', late: false });
      await expect(crashed.store.revokeToken({ jti: '7' })).rejects.toThrow();
      expect(await isRevoked(token({ jti: '7' }))).toBe(false);
      value(await bench().store.revokeToken({ jti: '7' }));
      expect(await isRevoked(token({ jti: '7' }))).toBe(true);
    });

    test('a credential and its token’s revocation are read in two round trips, together with its holder', async () => {
      const { store, reader, client, clock } = bench();
      value(await store.createUser({ username: 'ann' }));
      value(await store.createCredential({ consumerId: 'ann', keyId: 'k' }));
      value(await store.revokeToken({ jti: '7' }));
      const find = createFindRevocation(reader, { seconds: 60, now: () => clock.nowMs });
      const calls = countCalls(client);
      const readAll = async () => {
        const credential = await reader.readCredential('k');
        return credential && reader.readHolder(credential);
      };
      const [holder, revocation] = await Promise.all([readAll(), find(token({ jti: '7' }))]);
      expect([holder?.user?.username, revocation.isRevoked]).toEqual(['ann', true]);
      expect(calls()).toBe(2);
    });
  });
}
