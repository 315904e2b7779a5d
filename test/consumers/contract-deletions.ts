import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { recordInputs, value, type Workbench } from './workbench.ts';

export async function allKeys(client: DynamoDBClient, tableName: string): Promise<readonly string[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  return Items.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`);
}

/** Two users, each with an application, and a credential of each. */
export async function populate({ store }: Workbench) {
  const ann = value(await store.createUser({ username: 'ann' }));
  value(await store.createUser({ username: 'bob' }));
  const shop = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
  value(await store.createApplication({ userId: 'bob', name: 'shop2' }));
  const owners = { ann: 'ann', shop: 'shop', bob: 'bob', shop2: 'shop2' };
  for (const [keyId, consumerId] of Object.entries(owners)) {
    value(await store.createCredential({ consumerId, keyId: `of-${keyId}` }));
  }
  return { ann, shop };
}

export function deletionsContract(bench: () => Workbench): void {
  const isEffective = async (keyId: string) => {
    const { reader } = bench();
    const credential = await reader.readCredential(keyId);
    if (credential === undefined) return false;
    const { user, application } = await reader.readHolder(credential);
    return user !== undefined && (credential.consumerType === 'user' || application !== undefined);
  };

  describe('deletions', () => {
    test('a user goes with all it has, and nothing else goes', async () => {
      const { ann } = await populate(bench());
      const { store, client, tableName } = bench();
      expect(value(await store.deleteUser(ann.id))).toEqual({ cleanedUp: true });
      expect(await Promise.all(['of-ann', 'of-shop', 'of-bob', 'of-shop2'].map(isEffective))).toEqual([
        ...[false, false],
        ...[true, true],
      ]);
      const keys = (await allKeys(client, tableName)).join('\n');
      expect(keys).not.toContain(ann.id);
      expect(keys).not.toMatch(/cred#of-(ann|shop) |username#ann|appname#shop /);
      expect(await store.deleteUser(ann.id)).toEqual({ ok: false, code: 'user_not_found' });
      expect((await store.listUsers()).items.map(({ username }) => username)).toEqual(['bob']);
      expect((await store.listCredentials()).items).toHaveLength(2);
      expect(await store.resumeCleanUp()).toBe(0);
    });

    test('an application and a credential go alone', async () => {
      const { shop, ann } = await populate(bench());
      const { store, client, tableName } = bench();
      value(await store.deleteApplication(shop.id));
      expect(await isEffective('of-shop')).toBe(false);
      expect(await isEffective('of-ann')).toBe(true);
      expect((await allKeys(client, tableName)).join('\n')).not.toContain(shop.id);
      value(await store.deleteCredential('of-ann'));
      expect(await isEffective('of-ann')).toBe(false);
      expect(await store.deleteCredential('of-ann')).toMatchObject({ code: 'credential_not_found' });
      expect(await allKeys(client, tableName)).not.toContainEqual(expect.stringContaining('of-ann'));
      expect(value(await store.getUser('ann'))).toEqual(ann);
    });

    test('the one write on the user is enough: without any clean-up all below it is out of effect', async () => {
      const { ann, shop } = await populate(bench());
      const { store, withFault } = bench();
      const cut = withFault({ nth: 2, kind: 'crash', late: false });
      expect(value(await cut.store.deleteUser(ann.id))).toEqual({ cleanedUp: false });
      expect(await isEffective('of-ann')).toBe(false);
      expect(await isEffective('of-shop')).toBe(false);
      expect(await store.getUser('ann')).toMatchObject({ ok: false });
      expect(await store.getApplication(shop.id)).toMatchObject({ ok: false });
      expect(await store.getApplication('shop')).toMatchObject({ ok: false });
      expect(await store.getCredential('of-shop')).toMatchObject({ ok: false });
      expect(await store.rotateCredential('of-shop')).toMatchObject({ ok: false });
      expect((await store.listApplications()).items).toHaveLength(1);
      expect((await store.listCredentials()).items.map(({ keyId }) => keyId)).toEqual(['of-bob', 'of-shop2']);
      expect(await store.createCredential({ consumerId: shop.id })).toMatchObject({ ok: false });
      // Names and keyIds are free at once.
      value(await store.createUser({ username: 'ann' }));
      value(await store.createCredential({ consumerId: 'ann', keyId: 'of-shop' }));
      expect(await store.resumeCleanUp()).toBe(1);
      expect(await isEffective('of-shop')).toBe(true);
      expect(await isEffective('of-ann')).toBe(false);
    });

    test('the first call of a deletion is the write that decides', async () => {
      const { ann } = await populate(bench());
      const { store, client } = bench();
      const inputs = recordInputs(client);
      value(await store.deleteUser(ann.id));
      expect(inputs[0]).toMatchObject({ Key: { pk: { S: `user#${ann.id}` } } });
    });

    test('a cleaner that halts leaves alone what is made anew', async () => {
      const { ann } = await populate(bench());
      const { store, withStall, reader } = bench();
      const slow = withStall('DeleteItem cred#of-ann key#1');
      const deletion = slow.store.deleteUser(ann.id);
      await slow.reached;
      value(await store.createUser({ username: 'ann' }));
      const { keySecret } = value(await store.createCredential({ consumerId: 'ann', keyId: 'of-ann' }));
      slow.goOn();
      await deletion;
      expect(await isEffective('of-ann')).toBe(true);
      expect(await bench().item('cred#of-ann', 'key#1')).toMatchObject({ keySecret: { S: keySecret } });
      const holder = await reader.readCredential('of-ann');
      expect(holder?.consumerId).not.toBe(ann.id);
      expect(await store.deleteUser('ann')).toMatchObject({ ok: false });
    });

    test('what is being made for a user that goes does not come to life', async () => {
      const { ann } = await populate(bench());
      const { store, withStall } = bench();
      const app = withStall('UpdateItem app#');
      const cred = withStall('UpdateItem cred#new record');
      const makers = Promise.allSettled([
        app.store.createApplication({ userId: 'ann', name: 'late' }),
        cred.store.createCredential({ consumerId: 'ann', keyId: 'new' }),
      ]);
      await Promise.all([app.reached, cred.reached]);
      value(await store.deleteUser(ann.id));
      app.goOn();
      cred.goOn();
      for (const outcome of await makers) expect(outcome.status).toBe('rejected');
      expect(await isEffective('new')).toBe(false);
      expect(await store.getApplication('late')).toMatchObject({ ok: false });
    });

    test('a thousand credentials', { timeout: 120_000 }, async () => {
      const { store, client, tableName, withFault } = bench();
      const { id } = value(await store.createUser({ username: 'ann' }));
      const made = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
      const makers = Array.from({ length: 20 }, async () => {
        for (let keyId = made.pop(); keyId !== undefined; keyId = made.pop()) {
          value(await store.createCredential({ consumerId: id, keyId, keySecret: 's' }));
        }
      });
      await Promise.all(makers);
      const cut = withFault({ nth: 2_000, kind: 'crash', late: false });
      expect(value(await cut.store.deleteUser(id))).toEqual({ cleanedUp: false });
      expect(await store.resumeCleanUp()).toBe(1);
      expect(await allKeys(client, tableName)).toEqual([]);
    });
  });
}
