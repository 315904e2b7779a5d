/** What an outage of the table is bridged with, and what it is not. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rememberFound } from '../../lambda/consumers/find-credential.ts';
import { createCredentialKeyStore } from '../../lambda/consumers/find-credential-keys.ts';
import { createFindRevocation, type Revocations } from '../../lambda/consumers/find-revocation.ts';
import { createTableState, isFoundStale } from '../../lambda/consumers/last-known.ts';
import type { LookupResult } from '../../lambda/consumers/memory.ts';
import { RecordUnreadable, StoreUnavailable } from '../../lambda/consumers/model.ts';
import { keyedCredential } from '../authorizer/credential-world.ts';
import { credentialOf, foundForUser, userOf } from '../authorizer/fixtures.ts';

const CACHE_SECONDS = 60;
const STALE_SECONDS = 600;
const DOWN = new StoreUnavailable('down');

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A table with one of each, which can be down, and a clock. */
function open({ isOn = true } = {}) {
  const clock = { ms: 1_000_000 };
  const now = () => clock.ms;
  const table = {
    found: foundForUser() as ReturnType<typeof foundForUser> | undefined,
    keyed: keyedCredential('key-1') as ReturnType<typeof keyedCredential> | undefined,
    holder: { user: userOf() },
    revocations: {} as Revocations,
    isRevoked: false,
    failure: undefined as Error | undefined,
    isSilent: false,
    reads: 0,
    held: undefined as Promise<unknown> | undefined,
  };
  /** The next read waits for what it is given. */
  const holdNext = () => {
    let answer: (value: unknown) => void = () => undefined;
    table.held = new Promise((resolve) => {
      answer = resolve;
    });
    return answer;
  };
  const read = async <T>(value: () => T): Promise<T> => {
    table.reads += 1;
    const { held } = table;
    table.held = undefined;
    if (held) return (await held) as T;
    if (table.isSilent) return new Promise<never>(() => undefined);
    if (table.failure) throw table.failure;
    return structuredClone(value());
  };
  const lookups: LookupResult[] = [];
  const failures: unknown[] = [];
  const report = (failure: unknown) => failures.push(failure);
  const stale = { seconds: STALE_SECONDS, table: createTableState(now), now, report };
  const remembering = {
    ...{ seconds: CACHE_SECONDS, now, report: (result: LookupResult) => lookups.push(result) },
    ...(isOn && { stale }),
  };
  return {
    clock,
    table,
    holdNext,
    lookups,
    failures,
    find: rememberFound(() => read(() => table.found), remembering),
    store: createCredentialKeyStore(
      { readKeys: () => read(() => table.keyed), readHolder: () => read(() => table.holder) },
      remembering,
    ),
    revocation: createFindRevocation(
      {
        readRevocations: () => read(() => table.revocations),
        isTokenRevoked: () => read(() => table.isRevoked),
      },
      remembering,
    ),
    pass: (seconds: number) => {
      clock.ms += seconds * 1000;
    },
  };
}

describe('a credential', () => {
  test('is served through an outage, until it is as old as was said', async () => {
    const { table, clock, find, lookups } = open();
    const beganMs = clock.ms;
    await find('key-1');
    table.failure = DOWN;
    clock.ms = beganMs + STALE_SECONDS * 1000 - 1;
    const found = await find('key-1');
    expect(found?.credential.keyId).toBe(foundForUser().credential.keyId);
    expect(found && isFoundStale(found)).toBe(true);
    expect(lookups).toEqual(['read', 'stale']);
    clock.ms = beganMs + STALE_SECONDS * 1000;
    await expect(find('key-1')).rejects.toBe(DOWN);
  });
  test('that is remembered for who may is not stale for him, since another was denied by it in an outage', async () => {
    const { table, find } = open();
    await find('key-1');
    table.failure = DOWN;
    const forAnother = await find('key-1', () => false);
    expect(forAnother && isFoundStale(forAnother)).toBe(true);
    const remembered = await find('key-1');
    expect(remembered && isFoundStale(remembered)).toBe(false);
  });
  test('is not, unless that was asked for', async () => {
    const { table, pass, find } = open({ isOn: false });
    await find('key-1');
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    await expect(find('key-1')).rejects.toBe(DOWN);
  });
  test('is not after a fault of ours, which is none of the table', async () => {
    const { table, pass, find } = open();
    await find('key-1');
    table.failure = new TypeError('ours');
    pass(CACHE_SECONDS);
    await expect(find('key-1')).rejects.toBe(table.failure);
  });
  test('whose record cannot be read is not, though the table answers: neither then nor in an outage after it', async () => {
    const { table, pass, find } = open();
    await find('key-1');
    pass(CACHE_SECONDS);
    table.failure = new RecordUnreadable('not what we write');
    await expect(find('key-1')).rejects.toBe(table.failure);
    table.failure = DOWN;
    pass(2);
    await expect(find('key-1')).rejects.toBe(DOWN);
  });
  test.each([
    ['cannot be read', new RecordUnreadable('not what we write')],
    ['is throttled', DOWN],
  ])('is read while only another %s', async (_, failure) => {
    const { table, pass, find } = open();
    const failOther = async () => {
      table.failure = failure;
      await expect(find('other')).rejects.toBe(failure);
      table.failure = undefined;
    };
    await find('key-1');
    await find('key-2');
    pass(CACHE_SECONDS);
    await find('new');
    await failOther();
    for (const keyId of ['key-1', 'key-2']) {
      const found = await find(keyId);
      expect(found && isFoundStale(found)).toBe(false);
    }
  });
  test.each([
    [0.899, false],
    [0.9, true],
  ])('with the last answer %d s ago, a failure of another (stale: %s)', async (seconds, isServed) => {
    const { table, pass, find } = open();
    await find('key-1');
    pass(CACHE_SECONDS);
    await find('new');
    pass(seconds);
    table.failure = DOWN;
    await expect(find('other')).rejects.toBe(DOWN);
    table.failure = undefined;
    const found = await find('key-1');
    expect(found && isFoundStale(found)).toBe(isServed);
  });
  test('that was never read is not', async () => {
    const { table, find } = open();
    table.failure = DOWN;
    await expect(find('key-1')).rejects.toBe(DOWN);
  });
  test.each([
    ['gone', undefined],
    ['inactive', { ...foundForUser(), credential: credentialOf({ isActive: false }) }],
    ['a deleted user’s', { ...foundForUser(), holder: {} }],
    ['an inactive user’s', { ...foundForUser(), holder: { user: userOf({ isActive: false }) } }],
  ])('that was %s when it was last read is not, whatever it was before', async (_, last) => {
    const { table, pass, find } = open();
    await find('key-1');
    table.found = last;
    pass(CACHE_SECONDS);
    await find('key-1');
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    await expect(find('key-1')).rejects.toBe(DOWN);
  });
  test('is read again once a pause, and counts as read when the table is back', async () => {
    const { table, pass, find, failures } = open();
    await find('key-1');
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    for (let i = 0; i < 5; i += 1) await find('key-1');
    expect([table.reads, failures.length]).toEqual([2, 1]);
    pass(1);
    for (let i = 0; i < 5; i += 1) await find('key-1');
    expect([table.reads, failures.length]).toEqual([3, 2]);
    table.failure = undefined;
    table.found = { ...foundForUser(), credential: credentialOf({ isActive: false }) };
    pass(2);
    const found = await find('key-1');
    expect(found?.credential.isActive).toBe(false);
    expect(found && isFoundStale(found)).toBe(false);
  });
  test('is waited for a second where the table is silent', async () => {
    const { table, pass, find } = open();
    await find('key-1');
    table.isSilent = true;
    pass(CACHE_SECONDS);
    const waiting = Promise.resolve(find('key-1'));
    await vi.advanceTimersByTimeAsync(999);
    let isSettled = false;
    void waiting.then(() => {
      isSettled = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toMatchObject({ credential: { isActive: true } });
    expect(vi.getTimerCount()).toBe(0);
  });
  test('that was being read while the function slept is read anew', async () => {
    const { table, pass, find, holdNext } = open();
    await find('key-1');
    pass(CACHE_SECONDS);
    const answer = holdNext();
    const waiting = find('key-1');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toMatchObject({ credential: { isActive: true } });
    pass(1_200);
    table.found = { ...foundForUser(), credential: credentialOf({ isActive: false }) };
    const awake = find('key-1');
    answer(foundForUser());
    expect(await awake).toMatchObject({ credential: { isActive: false } });
  });
});

describe('the keys of a credential', () => {
  test('are served, and newer ones are an outage', async () => {
    const { table, pass, store } = open();
    const { credential } = keyedCredential('key-1');
    await store.find('key-1');
    await store.findHolder(credential);
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    const reading = await store.find('key-1');
    expect(reading.found?.keys).toEqual(table.keyed?.keys);
    await expect(store.findNewer('key-1', reading)).rejects.toBeInstanceOf(StoreUnavailable);
    const holder = await store.findHolder(credential);
    expect(isFoundStale({ credential, holder })).toBe(true);
  });
  test.each([
    ['gone', undefined],
    ['inactive', keyedCredential('key-1', undefined, { isActive: false })],
  ])('of one that was found %s by looking for newer ones are not', async (_, last) => {
    const { table, pass, store } = open();
    await store.find('key-1');
    table.keyed = last;
    pass(1);
    const reading = await store.find('key-1');
    expect(reading.readAtMs).toBeUndefined();
    expect((await store.findNewer('key-1', reading))?.found?.credential.isActive ?? false).toBe(false);
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    await expect(store.find('key-1')).rejects.toBe(DOWN);
  });
  test('are the newest that were seen', async () => {
    const { table, pass, store } = open();
    await store.find('key-1');
    const rotated = keyedCredential('key-1');
    table.keyed = { ...rotated, keys: [] };
    pass(1);
    await store.findNewer('key-1', await store.find('key-1'));
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    expect((await store.find('key-1')).found?.keys).toEqual([]);
  });
  test('of a holder who was inactive, and of nobody, are an outage', async () => {
    const { table, pass, store } = open();
    table.holder = { user: userOf({ isActive: false }) };
    table.keyed = undefined;
    const { credential } = keyedCredential('key-1');
    await store.find('key-1');
    await store.findHolder(credential);
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    await expect(store.find('key-1')).rejects.toBe(DOWN);
    await expect(store.findHolder(credential)).rejects.toBeInstanceOf(StoreUnavailable);
  });
});

describe('revocations', () => {
  const TOKEN = { signedPart: 'header.payload' };
  const OTHER = { signedPart: 'header.other' };
  test('that there were none of are served, for other tokens too', async () => {
    const { table, pass, revocation } = open();
    await revocation(TOKEN);
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    for (const token of [TOKEN, OTHER]) expect(await revocation(token)).toEqual({ isRevoked: false });
    pass(STALE_SECONDS - CACHE_SECONDS);
    await expect(revocation(TOKEN)).rejects.toBe(DOWN);
  });
  test('are told when they are served, and no other look-up of them is', async () => {
    const { table, pass, revocation, lookups } = open();
    await revocation(TOKEN);
    await revocation(TOKEN);
    pass(CACHE_SECONDS);
    await revocation(TOKEN);
    expect(lookups).toEqual([]);
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    await revocation(TOKEN);
    await revocation(OTHER);
    expect(lookups).toEqual(['stale', 'stale']);
    pass(STALE_SECONDS);
    await expect(revocation(TOKEN)).rejects.toBe(DOWN);
    expect(lookups).toHaveLength(2);
  });
  test('of some tokens are served for those that were looked up, and no others', async () => {
    const { table, pass, revocation } = open();
    table.revocations = { tokensUntilSeconds: 1_000_000, issuedBeforeSeconds: 7 };
    table.isRevoked = true;
    await revocation(TOKEN);
    table.failure = DOWN;
    pass(CACHE_SECONDS);
    expect(await revocation(TOKEN)).toEqual({ isRevoked: true, issuedBeforeSeconds: 7 });
    await expect(revocation(OTHER)).rejects.toBe(DOWN);
  });
});
