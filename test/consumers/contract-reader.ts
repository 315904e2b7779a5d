import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { CredentialReader } from '../../lambda/consumers/model.ts';
import { countCalls, recordInputs, value, type Workbench } from './workbench.ts';

async function makeShop({ store }: Workbench) {
  const user = value(await store.createUser({ username: 'ann' }));
  const application = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
  const ofUser = value(await store.createCredential({ consumerId: 'ann', keyId: 'of-user' })).credential;
  const ofShop = value(await store.createCredential({ consumerId: 'shop', keyId: 'of-shop' })).credential;
  return { user, application, ofUser, ofShop };
}

/** The credential of the shop, with attributes changed; undefined: left out. */
async function putInstead(
  { client, tableName, item }: Workbench,
  changes: Readonly<Record<string, object | undefined>>,
): Promise<void> {
  const all = { ...(await item('cred#of-shop', 'record')), ...changes };
  const Item = Object.fromEntries(Object.entries(all).filter(([, given]) => given !== undefined));
  await client.send(
    new PutItemCommand({ TableName: tableName, Item: Item as Record<string, { S: string }> }),
  );
}

async function read(reader: CredentialReader, keyId: string) {
  const credential = await reader.readCredential(keyId);
  return credential && { credential, ...(await reader.readHolder(credential)) };
}

export function readerContract(bench: () => Workbench): void {
  describe('reader', () => {
    test('reads a credential and its holder in two round trips', async () => {
      const { reader, client } = bench();
      const { user, application, ofUser, ofShop } = await makeShop(bench());
      const calls = countCalls(client);
      expect(await read(reader, 'of-user')).toEqual({ credential: ofUser, user });
      expect(calls()).toBe(2);
      expect(await read(reader, 'of-shop')).toEqual({ credential: ofShop, application, user });
      expect(calls()).toBe(4);
    });

    // No embedded DynamoDB reads inconsistently, so only the requests can show it.
    test('reads consistently', async () => {
      const { reader, client } = bench();
      await makeShop(bench());
      const inputs = recordInputs(client);
      await read(reader, 'of-shop');
      expect(inputs).toEqual([
        expect.objectContaining({ ConsistentRead: true }),
        { RequestItems: { [bench().tableName]: expect.objectContaining({ ConsistentRead: true }) } },
      ]);
    });

    test('what cannot be a keyId is unknown without a call', async () => {
      const { reader, client } = bench();
      const calls = countCalls(client);
      for (const keyId of ['', 'a b', 'é', 'a\n', 'x'.repeat(257)]) {
        expect(await reader.readCredential(keyId)).toBeUndefined();
      }
      expect(calls()).toBe(0);
      expect(await reader.readCredential('x'.repeat(256))).toBeUndefined();
      expect(calls()).toBe(1);
    });

    test('each state is one write, at once effective, and the others stay', async () => {
      const { reader, store, client } = bench();
      const { user, application } = await makeShop(bench());
      const states = async () => {
        const all = await read(reader, 'of-shop');
        return [all?.credential.isActive, all?.application?.isActive, all?.user?.isActive];
      };
      const calls = countCalls(client);
      expect(await store.setUserActive(user.id, false)).toEqual({ ok: true, value: { changed: true } });
      expect(calls()).toBe(1);
      expect(await states()).toEqual([true, true, false]);
      expect(await store.setUserActive(user.id, false)).toEqual({ ok: true, value: { changed: false } });
      value(await store.setApplicationActive(application.id, false));
      expect(await states()).toEqual([true, false, false]);
      value(await store.setUserActive(user.id, true));
      expect(await states()).toEqual([true, false, true]);
      value(await store.setCredentialActive('of-shop', false));
      expect(await states()).toEqual([false, false, true]);
      value(await store.setCredentialActive('of-shop', true));
      value(await store.setApplicationActive(application.id, true));
      expect(await states()).toEqual([true, true, true]);
    });

    test('the state of what is not there cannot be set, and nothing is made', async () => {
      const { store, item } = bench();
      for (const id of ['', 'nobody', 'x'.repeat(3_000)]) {
        expect(await store.setUserActive(id, true)).toEqual({ ok: false, code: 'user_not_found' });
        expect(await store.setApplicationActive(id, true)).toEqual({
          ok: false,
          code: 'application_not_found',
        });
        expect(await store.setCredentialActive(id, true)).toEqual({
          ok: false,
          code: 'credential_not_found',
        });
        expect(await store.getUser(id)).toEqual({ ok: false, code: 'user_not_found' });
        expect(await store.getApplication(id)).toEqual({ ok: false, code: 'application_not_found' });
        expect(await store.getCredential(id)).toEqual({ ok: false, code: 'credential_not_found' });
      }
      expect(await item('user#nobody', 'record')).toBeUndefined();
    });

    test.each(['pending', 'deleting', 'of-a-later-version'])(
      'a record in phase %s does not count',
      async (phase) => {
        const { reader, store, client, tableName } = bench();
        const { user, application, ofShop } = await makeShop(bench());
        const setPhase = (pk: string) =>
          client.send(
            new UpdateItemCommand({
              TableName: tableName,
              Key: { pk: { S: pk }, sk: { S: 'record' } },
              UpdateExpression: 'SET phase = :phase',
              ExpressionAttributeValues: { ':phase': { S: phase } },
            }),
          );
        await setPhase(`user#${user.id}`);
        expect(await reader.readHolder(ofShop)).toEqual({ application });
        expect(await store.setUserActive(user.id, true)).toMatchObject({ code: 'user_not_found' });
        expect(await store.createCredential({ consumerId: 'shop' })).toMatchObject({
          code: 'consumer_not_found',
        });
        await setPhase(`app#${application.id}`);
        expect(await reader.readHolder(ofShop)).toEqual({});
        await setPhase('cred#of-shop');
        expect(await reader.readCredential('of-shop')).toBeUndefined();
        expect(await reader.readKeys('of-shop')).toBeUndefined();
      },
    );

    test.each([
      ['isActive', { S: 'true' }],
      ['isActive', undefined],
      ['scopes', { S: 'read' }],
      ['expiresAtSeconds', { S: '1' }],
      ['consumerType', { S: 'admin' }],
      ['type', { S: 'basic-auth' }],
      ['ownerUserId', undefined],
      ['keyId', { S: 'another' }],
    ])('a credential with a wrong %s is an outage, not a credential', async (name, attribute) => {
      const { reader } = bench();
      await makeShop(bench());
      await putInstead(bench(), { [name]: attribute });
      await expect(reader.readCredential('of-shop')).rejects.toMatchObject({ name: 'StoreUnavailable' });
      await expect(reader.readKeys('of-shop')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    });

    test.each(['[1]', '{'])('properties that are none, %s, are an outage to who reads them', async (text) => {
      const { reader, store } = bench();
      await makeShop(bench());
      await putInstead(bench(), { properties: { S: text } });
      await expect(store.getCredential('of-shop')).rejects.toMatchObject({ name: 'StoreUnavailable' });
      expect(await reader.readCredential('of-shop')).toMatchObject({ keyId: 'of-shop' });
    });

    test("an application that is another user's now is an outage", async () => {
      const { reader } = bench();
      const { ofShop } = await makeShop(bench());
      const moved = { ...ofShop, ownerUserId: 'somebody-else' };
      await expect(reader.readHolder(moved)).rejects.toMatchObject({ name: 'StoreUnavailable' });
      const { ownerUserId: _, ...ownerless } = ofShop;
      await expect(reader.readHolder(ownerless)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    });
  });
}
