/** Makers that halt at a bad moment while others go on. */
import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { DEAD_AFTER_MS, value, type Workbench } from './workbench.ts';

export function stallContract(another: () => Promise<Workbench>): void {
  describe('a maker that stalls', () => {
    test.each(['PutItem cred#k key#1', 'UpdateItem cred#k record'])(
      'a maker of a credential that stalls before %s loses to the one that took it for dead',
      async (call) => {
        const bench = await another();
        const ann = value(await bench.store.createUser({ username: 'ann' }));
        const { store, reached, goOn } = bench.withStall(call);
        const slow = store.createCredential({ consumerId: 'ann', keyId: 'k', keySecret: 'slow' });
        await reached;
        bench.clock.nowMs += DEAD_AFTER_MS;
        value(await bench.store.createCredential({ consumerId: 'ann', keyId: 'k', keySecret: 'quick' }));
        goOn();
        await expect(slow).rejects.toMatchObject({ name: 'StoreUnavailable' });
        expect(await bench.item('cred#k', 'key#1')).toMatchObject({ keySecret: { S: 'quick' } });
        const { items } = await bench.store.listCredentials();
        expect(items).toHaveLength(1);
        expect((await bench.store.listCredentialsOf({ type: 'user', id: ann.id })).items).toEqual(items);
      },
    );

    test('a maker of a user that stalls before the commit loses its name', async () => {
      const bench = await another();
      const { store, reached, goOn } = bench.withStall('UpdateItem');
      const slow = store.createUser({ username: 'ann' });
      await reached;
      bench.clock.nowMs += DEAD_AFTER_MS;
      const quick = value(await bench.store.createUser({ username: 'ann' }));
      goOn();
      await expect(slow).rejects.toMatchObject({ name: 'StoreUnavailable' });
      expect((await bench.store.listUsers()).items).toEqual([quick]);
    });

    test('a maker that commits just before it is given up keeps its name', async () => {
      const { store, clock, withStall } = await another();
      const slow = withStall('UpdateItem');
      const made = slow.store.createUser({ username: 'ann' });
      await slow.reached;
      clock.nowMs += DEAD_AFTER_MS;
      const hasty = withStall('DeleteItem');
      const refused = hasty.store.createUser({ username: 'ann' });
      await hasty.reached;
      slow.goOn();
      const ann = value(await made);
      hasty.goOn();
      expect(await refused).toEqual({ ok: false, code: 'username_taken' });
      expect((await store.listUsers()).items).toEqual([ann]);
    });

    test('a rename that halts before its commit keeps the new name for 30 s, then loses it', async () => {
      const { store, clock, withStall } = await another();
      const { id: userId } = value(await store.createUser({ username: 'ann' }));
      const { id } = value(await store.createApplication({ userId, name: 'shop' }));
      const slow = withStall(`PutItem appname#store user#${userId}`);
      const rename = slow.store.updateApplication(id, { name: 'store' });
      await slow.reached;
      const commit = slow.stallNext(`UpdateItem app#${id} record`);
      slow.goOn();
      await commit.reached;
      clock.nowMs += DEAD_AFTER_MS - 1;
      const taken = { ok: false, code: 'application_name_taken' };
      const held = await store.createApplication({ userId, name: 'store' });
      expect(held).toEqual({ ...taken, isBeingMade: true });
      clock.nowMs += 1;
      const other = value(await store.createApplication({ userId, name: 'store' }));
      commit.goOn();
      expect(await rename).toEqual(taken);
      expect(value(await store.getApplication('store'))).toEqual(other);
      expect(value(await store.getApplication('shop')).id).toBe(id);
    });

    test('a rename that is overtaken by one back leaves the old name claimed', async () => {
      const { store, withStall } = await another();
      const { id: userId } = value(await store.createUser({ username: 'ann' }));
      const { id } = value(await store.createApplication({ userId, name: 'shop' }));
      const slow = withStall(`DeleteItem appname#shop user#${userId}`);
      const rename = slow.store.updateApplication(id, { name: 'store' });
      await slow.reached;
      value(await store.updateApplication(id, { name: 'shop' }));
      slow.goOn();
      await rename;
      expect(value(await store.getApplication('shop')).id).toBe(id);
      expect(await store.createApplication({ userId, name: 'shop' })).toMatchObject({ ok: false });
      expect(await store.createApplication({ userId, name: 'store' })).toMatchObject({ ok: true });
    });

    test('who gives up late does not take what another one is making', async () => {
      const { store, clock, withStall } = await another();
      value(await store.createUser({ username: 'ann' }));
      const slow = withStall('PutItem cred#k key#1');
      const lost = slow.store.createCredential({ consumerId: 'ann', keyId: 'k' });
      await slow.reached;
      clock.nowMs += DEAD_AFTER_MS;
      const next = withStall('UpdateItem cred#k record');
      const made = next.store.createCredential({ consumerId: 'ann', keyId: 'k' });
      await next.reached;
      slow.goOn();
      await expect(lost).rejects.toMatchObject({ name: 'StoreUnavailable' });
      next.goOn();
      const { credential } = value(await made);
      expect((await store.listCredentials()).items).toEqual([credential]);
    });

    test('who cleans up late does not take the link of another one', async () => {
      const { store, client, tableName, withStall } = await another();
      const ann = value(await store.createUser({ username: 'ann' }));
      value(await store.createScopes(['read']));
      // The scope goes between the two looks at it, so the maker gives up and cleans up.
      const early = withStall('PutItem cred#k record');
      const lost = early.store.createCredential({ consumerId: 'ann', keyId: 'k', scopes: ['read'] });
      await early.reached;
      const Key = { pk: { S: 'scopes' }, sk: { S: 'record' } };
      await client.send(new DeleteItemCommand({ TableName: tableName, Key }));
      const cleaning = early.stallNext(`DeleteItem user#${ann.id} cred#k`);
      early.goOn();
      await cleaning.reached;
      const { credential } = value(await store.createCredential({ consumerId: 'ann', keyId: 'k' }));
      cleaning.goOn();
      expect(await lost).toEqual({ ok: false, code: 'scope_unknown', scopes: ['read'] });
      expect((await store.listCredentialsOf({ type: 'user', id: ann.id })).items).toEqual([credential]);
    });

    test('a user that goes while its application and credential are made leaves neither', async () => {
      const bench = await another();
      const { store, client, tableName } = bench;
      const ann = value(await store.createUser({ username: 'ann' }));
      const app = bench.withStall('PutItem app#');
      const cred = bench.withStall('PutItem cred#k record');
      const makers = Promise.all([
        app.store.createApplication({ userId: 'ann', name: 'shop' }),
        cred.store.createCredential({ consumerId: 'ann', keyId: 'k' }),
      ]);
      await Promise.all([app.reached, cred.reached]);
      const Key = { pk: { S: `user#${ann.id}` }, sk: { S: 'record' } };
      await client.send(new DeleteItemCommand({ TableName: tableName, Key }));
      app.goOn();
      cred.goOn();
      expect(await makers).toEqual([
        { ok: false, code: 'user_not_found' },
        { ok: false, code: 'consumer_not_found' },
      ]);
      // Of Ann only the claim of her name is left, which the next Ann takes over.
      const { Items } = await client.send(new ScanCommand({ TableName: tableName }));
      expect(Items?.map((item) => item['pk']?.S)).toEqual(['username#ann']);
      expect(await store.createUser({ username: 'ann' })).toMatchObject({ ok: true });
    });
  });
}
