import { describe, expect, test } from 'vitest';
import { type FoundCredential, findThrough, rememberFound } from '../../lambda/consumers/find-credential.ts';
import type { LookupResult } from '../../lambda/consumers/memory.ts';
import { type CredentialReader, StoreUnavailable } from '../../lambda/consumers/model.ts';
import { credentialOf, foundForUser, userOf } from './fixtures.ts';

/** A store that counts reads, and answers what it is told to. */
function workbench(seconds = 60) {
  const clock = { ms: 0 };
  const reads: string[] = [];
  const lookups: LookupResult[] = [];
  const stored = new Map<string, FoundCredential | Error>([['key-1', foundForUser()]]);
  const find = rememberFound(
    async (keyId) => {
      reads.push(keyId);
      const entry = stored.get(keyId);
      if (entry instanceof Error) throw entry;
      return entry;
    },
    { seconds, now: () => clock.ms, report: (result) => lookups.push(result) },
  );
  return { clock, reads, lookups, stored, find };
}

describe('findThrough', () => {
  const reader = (more: Partial<CredentialReader> = {}): CredentialReader => ({
    readCredential: async () => credentialOf(),
    readHolder: async () => ({ user: userOf() }),
    ...more,
  });

  test('reads the credential, then its holder', async () => {
    expect(await findThrough(reader())('key-1')).toEqual(foundForUser());
  });

  test.each([
    ['key-1', 1],
    ['x'.repeat(256), 1],
    ['x'.repeat(257), 0],
    ['no key id', 0],
  ])('reads a holder of nothing too, for what can be a keyId: %s', async (keyId, times) => {
    const held: unknown[] = [];
    const readHolder = async ({ consumerId }: { consumerId: string }) => {
      held.push(consumerId);
      return { user: userOf() };
    };
    const find = findThrough(reader({ readCredential: async () => undefined, readHolder }));
    expect(await find(keyId)).toBeUndefined();
    expect(held).toEqual(Array(times).fill(keyId));
  });

  test.each(['readCredential', 'readHolder'] as const)('an outage of %s is one', async (name) => {
    const down = async () => {
      throw new StoreUnavailable('down');
    };
    await expect(findThrough(reader({ [name]: down }))('key-1')).rejects.toThrow(StoreUnavailable);
  });
});

describe('rememberFound', () => {
  test('answers at once what is remembered and counts, and nothing else', async () => {
    const { clock, find } = workbench();
    const reading = find('key-1');
    expect(reading).toBeInstanceOf(Promise);
    const found = await reading;
    expect(find('key-1')).toBe(found);
    expect(find('key-1', () => false)).toBeInstanceOf(Promise);
    await find('key-1', () => false);
    clock.ms = 60_000;
    expect(find('key-1')).toBeInstanceOf(Promise);
  });

  test('reads once within the time, and again at its end', async () => {
    const { clock, reads, find } = workbench();
    await find('key-1');
    clock.ms = 59_999;
    await find('key-1');
    expect(reads).toHaveLength(1);
    clock.ms = 60_000;
    await find('key-1');
    expect(reads).toHaveLength(2);
  });

  test('forgets what was not found when it was read for another', async () => {
    const { stored, find } = workbench();
    await find('key-1');
    stored.delete('key-1');
    expect(await find('key-1')).toBeDefined();
    expect(await find('key-1', () => false)).toBeUndefined();
    expect(await find('key-1')).toBeUndefined();
  });

  test('tells of each look-up whether it was read, also where nothing was found', async () => {
    const { clock, lookups, find } = workbench();
    await find('key-1');
    await find('key-1');
    clock.ms = 60_000;
    for (const keyId of ['key-1', 'nobody', 'nobody']) await find(keyId);
    expect(lookups).toEqual(['read', 'remembered', 'read', 'read', 'read']);
  });

  test('has nothing to tell where nothing is remembered', async () => {
    const { lookups, reads, find } = workbench(0);
    await find('key-1');
    await find('key-1');
    expect([lookups, reads]).toEqual([[], ['key-1', 'key-1']]);
  });

  test('being asked does not prolong the time', async () => {
    const { clock, reads, find } = workbench();
    for (const ms of [0, 30_000, 59_000, 61_000]) {
      clock.ms = ms;
      await find('key-1');
    }
    expect(reads).toHaveLength(2);
  });

  test('the time counts from before the read', async () => {
    const clock = { ms: 0 };
    let reads = 0;
    const slow = async () => {
      reads += 1;
      clock.ms += 10_000;
      return foundForUser();
    };
    const find = rememberFound(slow, { seconds: 60, now: () => clock.ms });
    await find('key-1');
    clock.ms = 60_000;
    await find('key-1');
    expect(reads).toBe(2);
  });

  test('does not remember what is not there: a new credential works at once', async () => {
    const { stored, find } = workbench();
    expect(await find('key-2')).toBeUndefined();
    stored.set('key-2', foundForUser({ keyId: 'key-2' }));
    expect((await find('key-2'))?.credential.keyId).toBe('key-2');
  });

  test('keeps nobody out: what does not count is read again, and takes the place of what did not', async () => {
    const { reads, stored, find } = workbench();
    const counts = (found: FoundCredential) => found.credential.isActive;
    stored.set('key-1', foundForUser({ isActive: false }));
    for (let n = 0; n < 2; n += 1) expect((await find('key-1', counts))?.credential.isActive).toBe(false);
    expect(reads).toHaveLength(2);
    stored.set('key-1', foundForUser());
    for (let n = 0; n < 2; n += 1) expect((await find('key-1', counts))?.credential.isActive).toBe(true);
    expect(reads).toHaveLength(3);
  });

  test('does not remember an outage, nor answer from before it', async () => {
    const { clock, stored, find } = workbench();
    await find('key-1');
    clock.ms = 60_000;
    stored.set('key-1', new StoreUnavailable('down'));
    await expect(find('key-1')).rejects.toThrow(StoreUnavailable);
    stored.set('key-1', foundForUser({ scopes: ['new'] }));
    expect((await find('key-1'))?.credential.scopes).toEqual(['new']);
  });

  test('concurrent look-ups of one keyId share a read, its failure too', async () => {
    const { reads, stored, find } = workbench();
    await Promise.all([find('key-1'), find('key-1'), find('key-2')]);
    expect(reads).toEqual(['key-1', 'key-2']);
    stored.set('key-3', new StoreUnavailable('down'));
    const both = await Promise.allSettled([find('key-3'), find('key-3')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(reads).toHaveLength(3);
  });

  test('at 0 seconds every look-up reads', async () => {
    const { reads, find } = workbench(0);
    await find('key-1');
    await find('key-1');
    expect(reads).toHaveLength(2);
  });

  test('forgets the least recently found beyond 10,000', async () => {
    const { reads, stored, find } = workbench();
    for (let i = 0; i <= 10_000; i += 1) stored.set(`key-${i}`, foundForUser());
    for (let i = 0; i < 10_000; i += 1) await find(`key-${i}`);
    await find('key-0');
    await find('key-10000');
    reads.length = 0;
    for (const keyId of ['key-0', 'key-2', 'key-10000', 'key-1']) await find(keyId);
    expect(reads).toEqual(['key-1']);
  });
});
