/** API keys live and die with their credentials, whatever stops whoever makes or deletes them. */
import { describe, expect, test } from 'vitest';
import type { NewCredential } from '../../lambda/consumers/store.ts';
import { DEAD_AFTER_MS, type Fault, value, type Workbench } from './workbench.ts';

const GOLD: NewCredential = { consumerId: 'ann', keyId: 'k', plan: 'gold' };

/** The API keys that credentials name, and those that there are. */
async function state({ store, apiKeys }: Workbench) {
  const { items } = await store.listCredentials();
  return {
    named: items.flatMap(({ apiKeyId }) => apiKeyId ?? []).sort(),
    there: [...apiKeys.keys.keys()].sort(),
  };
}

export function apiKeysContract(bench: () => Workbench): void {
  describe('a credential with a plan', () => {
    test('has an API key of that plan, which reads show', async () => {
      const { store, apiKeys, reader } = bench();
      await store.createUser({ username: 'ann' });
      const { credential } = value(await store.createCredential(GOLD));
      const [[id, key] = []] = [...apiKeys.keys];
      expect(key).toMatchObject({ keyId: 'k', plan: 'gold' });
      expect(credential).toMatchObject({ apiKey: key?.value, apiKeyId: id, plan: 'gold' });
      expect(value(await store.getCredential('k'))).toEqual(credential);
      const { apiKeyId: _, ...read } = credential;
      expect(await reader.readCredential('k')).toEqual(read);
    });

    test('that there is not is refused, with those that there are', async () => {
      const { store, apiKeys } = bench();
      await store.createUser({ username: 'ann' });
      expect(await store.createCredential({ ...GOLD, plan: 'platinum' })).toEqual({
        ok: false,
        code: 'plan_unknown',
        plans: ['gold', 'silver'],
      });
      expect(apiKeys.keys.size).toBe(0);
      expect(await store.getCredential('k')).toMatchObject({ code: 'credential_not_found' });
    });

    test('makes no API key when it is refused', async () => {
      const { store, apiKeys } = bench();
      await store.createUser({ username: 'ann' });
      for (const [input, code] of [
        [{ ...GOLD, consumerId: 'bob' }, 'consumer_not_found'],
        [{ ...GOLD, scopes: ['nope'] }, 'scope_unknown'],
        [{ ...GOLD, apiKey: 'own' }, 'invalid_input'],
        [{ ...GOLD, plan: '' }, 'invalid_input'],
      ] as const) {
        expect(await store.createCredential(input)).toMatchObject({ ok: false, code });
        expect(apiKeys.keys.size).toBe(0);
      }
    });

    test('keeps its API key when its keyId is asked for again', async () => {
      const current = bench();
      await current.store.createUser({ username: 'ann' });
      value(await current.store.createCredential(GOLD));
      const before = await state(current);
      expect(await current.store.createCredential({ ...GOLD, plan: 'silver' })).toMatchObject({
        code: 'key_id_taken',
      });
      expect(await state(current)).toEqual(before);
      expect(before.there).toHaveLength(1);
    });

    test('of several at once, one is made, with the one API key that stays', async () => {
      const current = bench();
      await current.store.createUser({ username: 'ann' });
      const made = await Promise.all(Array.from({ length: 4 }, () => current.store.createCredential(GOLD)));
      expect(made.filter(({ ok }) => ok)).toHaveLength(1);
      const { named, there } = await state(current);
      expect(there).toEqual(named);
      expect(there).toHaveLength(1);
    });

    test('is not made while API keys are not', async () => {
      const current = bench();
      await current.store.createUser({ username: 'ann' });
      current.apiKeys.isDown = true;
      await expect(current.store.createCredential(GOLD)).rejects.toMatchObject({
        name: 'ApiKeysUnavailable',
      });
      expect(await current.store.getCredential('k')).toMatchObject({ code: 'credential_not_found' });
      current.apiKeys.isDown = false;
      value(await current.store.createCredential(GOLD));
    });
  });

  describe('its API key goes with it', () => {
    test('when it is deleted; one that was given with it stays', async () => {
      const { store, apiKeys } = bench();
      await store.createUser({ username: 'ann' });
      value(await store.createCredential(GOLD));
      value(await store.createCredential({ ...GOLD, keyId: 'other' }));
      value(await store.createCredential({ consumerId: 'ann', keyId: 'own', apiKey: 'own' }));
      expect(value(await store.deleteCredential('k'))).toEqual({ cleanedUp: true });
      expect([...apiKeys.keys.values()].map(({ keyId }) => keyId)).toEqual(['other']);
      expect(value(await store.deleteCredential('own'))).toEqual({ cleanedUp: true });
      expect(apiKeys.keys.size).toBe(1);
    });

    test('when its user, or its application, is', async () => {
      const { store, apiKeys } = bench();
      const { id } = value(await store.createUser({ username: 'ann' }));
      const shop = value(await store.createApplication({ userId: 'ann', name: 'shop' }));
      await store.createApplication({ userId: 'ann', name: 'till' });
      for (const consumerId of ['ann', 'shop', 'till'])
        value(await store.createCredential({ ...GOLD, consumerId, keyId: `of-${consumerId}` }));
      expect(value(await store.deleteApplication(shop.id))).toEqual({ cleanedUp: true });
      expect([...apiKeys.keys.values()].map(({ keyId }) => keyId)).toEqual(['of-ann', 'of-till']);
      expect(value(await store.deleteUser(id))).toEqual({ cleanedUp: true });
      expect(apiKeys.keys.size).toBe(0);
    });

    test('and not when it is only deactivated, or has another key', async () => {
      const { store, apiKeys } = bench();
      await store.createUser({ username: 'ann' });
      value(await store.createCredential(GOLD));
      await store.setCredentialActive('k', false);
      await store.rotateCredential('k');
      expect(apiKeys.keys.size).toBe(1);
      expect(value(await store.getCredential('k'))).toMatchObject({ plan: 'gold' });
    });

    test('later, where API keys cannot be deleted now: the credential counts no more at once', async () => {
      const { store, apiKeys } = bench();
      await store.createUser({ username: 'ann' });
      value(await store.createCredential(GOLD));
      value(await store.createCredential({ consumerId: 'ann', keyId: 'plain' }));
      apiKeys.isDown = true;
      expect(value(await store.deleteCredential('k'))).toEqual({ cleanedUp: false });
      expect(await store.getCredential('k')).toMatchObject({ code: 'credential_not_found' });
      await expect(store.resumeCleanUp()).rejects.toMatchObject({ name: 'ApiKeysUnavailable' });
      await expect(store.createCredential({ consumerId: 'ann', keyId: 'k' })).rejects.toMatchObject({
        name: 'ApiKeysUnavailable',
      });
      apiKeys.isDown = false;
      expect(await store.resumeCleanUp()).toBe(1);
      expect(apiKeys.keys.size).toBe(0);
      value(await store.createCredential({ consumerId: 'ann', keyId: 'k' }));
    });

    test('one that cannot be deleted keeps no other clean-up waiting', async () => {
      const { store, apiKeys, withFault } = bench();
      await store.createUser({ username: 'ann' });
      value(await store.createCredential({ ...GOLD, keyId: 'a' }));
      value(await store.createCredential({ consumerId: 'ann', keyId: 'b' }));
      apiKeys.isDown = true;
      await store.deleteCredential('a');
      // A deletion that ends after the write that decides.
      await withFault({ nth: 2, kind: 'crash', late: false }).store.deleteCredential('b');
      await expect(store.resumeCleanUp()).rejects.toMatchObject({ name: 'ApiKeysUnavailable' });
      apiKeys.isDown = false;
      expect(await store.resumeCleanUp()).toBe(1);
    });
  });
}

/** @returns whether the fault was met: the maker makes at least so many calls. */
async function surviveCreation(bench: Workbench, fault: Fault): Promise<boolean> {
  const { store, clock, withFault } = bench;
  await store.createUser({ username: 'ann' });
  const broken = withFault(fault);
  const first = await broken.store.createCredential(GOLD).catch((error: unknown) => error);
  if (broken.calls() < fault.nth) {
    expect(first).toMatchObject({ ok: true });
    return false;
  }
  if (first instanceof Error) expect(first.name).toMatch(/^(?:Store|ApiKeys)Unavailable$/);
  const left = await state(bench);
  // Never a credential whose API key is gone; and an API key that nobody names only after a kill.
  expect(left.there).toEqual(expect.arrayContaining(left.named));
  if (fault.kind === 'glitch' && !fault.late) expect(left.there).toEqual(left.named);
  expect(left.there.length).toBeLessThanOrEqual(1);

  clock.nowMs += DEAD_AFTER_MS;
  await store.createCredential(GOLD);
  const { named, there } = await state(bench);
  expect(named).toHaveLength(1);
  expect(there).toEqual(named);
  return true;
}

/** The same for whoever deletes the user. */
async function surviveDeletion(bench: Workbench, fault: Fault): Promise<boolean> {
  const { store, withFault, apiKeys } = bench;
  const { id } = value(await store.createUser({ username: 'ann' }));
  await store.createApplication({ userId: 'ann', name: 'shop' });
  value(await store.createCredential(GOLD));
  value(await store.createCredential({ ...GOLD, consumerId: 'shop', keyId: 'of-shop' }));
  const broken = withFault(fault);
  await broken.store.deleteUser(id).catch((error: unknown) => error);
  if (broken.calls() < fault.nth) {
    expect(apiKeys.keys.size).toBe(0);
    return false;
  }
  await store.deleteUser(id);
  await store.resumeCleanUp();
  expect(await state(bench)).toEqual({ named: [], there: [] });
  return true;
}

export function apiKeyCrashContract(another: () => Promise<Workbench>): void {
  describe.each(['crash', 'glitch'] as const)('%s: API keys of', (kind) => {
    test.each([false, true])('a creation that fails, late: %s', async (late) => {
      let nth = 1;
      while (await surviveCreation(await another(), { nth, kind, late })) nth += 1;
      expect(nth).toBeGreaterThan(6);
    });
    test.each([false, true])('a deletion that fails, late: %s', async (late) => {
      let nth = 1;
      while (await surviveDeletion(await another(), { nth, kind, late })) nth += 1;
      expect(nth).toBeGreaterThan(8);
    });
  });
}
