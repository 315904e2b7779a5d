import { describe, expect, test } from 'vitest';
import { value, type Workbench } from './workbench.ts';

export function scopesContract(bench: () => Workbench): void {
  const prepare = async () => {
    const { store } = bench();
    value(await store.createUser({ username: 'ann' }));
    value(await store.createScopes(['a', 'b', 'c']));
    value(await store.createCredential({ consumerId: 'ann', keyId: 'k', scopes: ['a'] }));
  };
  const scopesOf = async (keyId: string) => (await bench().reader.readCredential(keyId))?.scopes;

  describe('scopes of a credential', () => {
    test('are added, removed and replaced', async () => {
      await prepare();
      const { store } = bench();
      expect(value(await store.changeScopes('k', { add: ['c', 'a'] })).scopes).toEqual(['a', 'c']);
      expect(value(await store.changeScopes('k', { remove: ['a', 'none'] })).scopes).toEqual(['c']);
      expect(value(await store.changeScopes('k', { set: ['b', 'a'] })).scopes).toEqual(['a', 'b']);
      expect(await scopesOf('k')).toEqual(['a', 'b']);
      expect(value(await store.changeScopes('k', { set: [] })).scopes).toEqual([]);
      expect(await scopesOf('k')).toEqual([]);
    });

    test('must exist, all of them', async () => {
      await prepare();
      const { store } = bench();
      const refused = await store.changeScopes('k', { add: ['b', 'x'] });
      expect(refused).toEqual({ ok: false, code: 'scope_unknown', scopes: ['x'] });
      expect(await store.changeScopes('none', { add: ['b'] })).toMatchObject({
        code: 'credential_not_found',
      });
      expect(await store.changeScopes('k', { set: ['a b'] })).toMatchObject({ code: 'invalid_input' });
      expect(await scopesOf('k')).toEqual(['a']);
    });

    test('five writers each add one, none is lost', async () => {
      await prepare();
      const { store } = bench();
      const scopes = Array.from({ length: 5 }, (_, index) => `s${index}`);
      value(await store.createScopes(scopes));
      const outcomes = await Promise.allSettled(
        scopes.map((scope) => store.changeScopes('k', { add: [scope] })),
      );
      const added = scopes.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(await scopesOf('k')).toEqual(['a', ...added]);
      expect(added.length).toBeGreaterThan(0);
    });
  });

  describe('the deletion of a scope', () => {
    test('takes it from every credential, and from no later one of that name', async () => {
      await prepare();
      const { store } = bench();
      value(await store.createCredential({ consumerId: 'ann', keyId: 'l', scopes: ['a', 'b'] }));
      expect(await store.hasScope('a')).toBe(true);
      expect(value(await store.deleteScope('a'))).toEqual({ cleanedUp: true });
      expect([await scopesOf('k'), await scopesOf('l')]).toEqual([[], ['b']]);
      expect(await store.hasScope('a')).toBe(false);
      expect(await store.listScopes()).toEqual(['b', 'c']);
      expect(await store.deleteScope('a')).toEqual({ ok: false, code: 'scope_not_found' });
      expect(await store.deleteScope('a b')).toEqual({ ok: false, code: 'scope_not_found' });
      value(await store.createScopes(['a']));
      expect(await scopesOf('k')).toEqual([]);
    });

    test.each(['PutItem cred#n key#1', 'UpdateItem cred#n record'])(
      'reaches a credential whose maker halts before %s',
      async (call) => {
        await prepare();
        const { store, withStall } = bench();
        const slow = withStall(call);
        const made = slow.store.createCredential({ consumerId: 'ann', keyId: 'n', scopes: ['a'] });
        await slow.reached;
        value(await store.deleteScope('a'));
        slow.goOn();
        await made;
        expect(await scopesOf('n')).toEqual([]);
      },
    );

    test('makes a change fail that binds it meanwhile', async () => {
      await prepare();
      const { store, withStall } = bench();
      const slow = withStall('UpdateItem cred#k record');
      const change = slow.store.changeScopes('k', { add: ['b'] });
      await slow.reached;
      const commit = slow.stallNext('UpdateItem cred#k record');
      slow.goOn();
      await commit.reached;
      value(await store.deleteScope('b'));
      commit.goOn();
      expect(await change).toEqual({ ok: false, code: 'scope_unknown', scopes: ['b'] });
      expect(await scopesOf('k')).toEqual(['a']);
    });
  });
}
