import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { keyedCredential, openWorld, secretText } from '../authorizer/credential-world.ts';
import { credentialOf, userOf } from '../authorizer/fixtures.ts';

/** With `key-1` stored, and the clock in milliseconds since the beginning of the test. */
function open(seconds = 60) {
  const world = openWorld({ seconds });
  world.put(keyedCredential('key-1'));
  const startMs = world.clock.ms;
  return {
    ...world,
    at: (ms: number) => {
      world.clock.ms = startMs + ms;
    },
    /** As a request whose signature nobody made: the keys, and once more if that is due. */
    async tryOut(keyId: string) {
      const reading = await world.store.find(keyId);
      return (await world.store.findNewer(keyId, reading)) ?? reading;
    },
  };
}

describe('what is known', () => {
  test('is remembered for credentialCacheSeconds', async () => {
    const { at, reads, store } = open(60);
    const first = await store.find('key-1');
    at(59_999);
    expect(await store.find('key-1')).toEqual({ found: first.found });
    expect(reads.keys).toHaveLength(1);
    at(60_000);
    await store.find('key-1');
    expect(reads.keys).toHaveLength(2);
  });

  test('the time counts from before the read', async () => {
    const { clock, reads, store, stored } = open(60);
    const entry = stored.get('key-1');
    const startMs = clock.ms;
    stored.get = (keyId) => {
      clock.ms += 5_000;
      return keyId === 'key-1' ? entry : undefined;
    };
    await store.find('key-1');
    clock.ms = startMs + 59_999;
    expect(await store.find('key-1')).not.toHaveProperty('readAtMs');
    clock.ms = startMs + 60_000;
    await store.find('key-1');
    expect(reads.keys).toHaveLength(2);
  });

  test('with 0 seconds nothing is remembered, of the unknown neither', async () => {
    const { reads, store } = open(0);
    for (const keyId of ['key-1', 'key-1', 'none', 'none']) await store.find(keyId);
    expect(reads.keys).toEqual(['key-1', 'key-1', 'none', 'none']);
    const { credential } = keyedCredential('key-1');
    await store.findHolder(credential);
    await store.findHolder(credential);
    expect(reads.holders).toHaveLength(2);
  });

  test('is read again when a key of it does not hold: once in 10 s, and not when it was read for that', async () => {
    const { at, put, reads, store } = open(60);
    const fresh = await store.find('key-1');
    expect(store.findNewer('key-1', fresh)).toBeUndefined();
    put(keyedCredential('key-1', [{ keySecret: secretText('new') }]));
    at(9_999);
    const remembered = await store.find('key-1');
    expect(store.findNewer('key-1', remembered)).toBeUndefined();
    at(10_000);
    const newer = await store.findNewer('key-1', remembered);
    expect(newer?.found?.keys).toEqual([{ keySecret: secretText('new') }]);
    expect(await store.find('key-1')).toEqual({ found: newer?.found });
    expect(store.findNewer('key-1', await store.find('key-1'))).toBeUndefined();
    expect(reads.keys).toHaveLength(2);
  });

  test('that was deleted is forgotten when that is read', async () => {
    const { at, reads, store, stored } = open(60);
    await store.find('key-1');
    const before = await store.find('key-1');
    stored.delete('key-1');
    at(10_000);
    expect(await store.findNewer('key-1', before)).toMatchObject({ found: undefined });
    expect(await store.find('key-1')).toMatchObject({ found: undefined });
    expect(reads.keys).toHaveLength(2);
  });
});

describe('what is unknown', () => {
  test.each([
    [60, 10_000],
    [10, 10_000],
    [5, 5_000],
    [1, 1_000],
  ])('with %i s is remembered for %i ms', async (seconds, ms) => {
    const { at, reads, store } = open(seconds);
    await store.find('none');
    at(ms - 1);
    await store.find('none');
    expect(reads.keys).toHaveLength(1);
    at(ms);
    await store.find('none');
    expect(reads.keys).toHaveLength(2);
  });

  test('a credential that is created is there after 10 s at the latest', async () => {
    const { at, put, store } = open(3_600);
    await store.find('new');
    put(keyedCredential('new'));
    at(9_999);
    expect((await store.find('new')).found).toBeUndefined();
    at(10_000);
    expect((await store.find('new')).found?.credential.keyId).toBe('new');
  });

  test('evicts nothing that is known, however many names are tried', async () => {
    const { put, reads, store } = open(60);
    const known = Array.from({ length: 10_000 }, (_, i) => `known-${i}`);
    for (const keyId of known) put(keyedCredential(keyId, []));
    for (const keyId of known) await store.find(keyId);
    for (let i = 0; i < 50_000; i += 1) await store.find(`random-${i}`);
    expect(reads.keys).toHaveLength(60_000);
    for (const keyId of known) await store.find(keyId);
    expect(reads.keys).toHaveLength(60_000);
    // The place of the unknown is bounded: the first are forgotten, the last are not.
    await store.find('random-49999');
    expect(reads.keys).toHaveLength(60_000);
    await store.find('random-0');
    expect(reads.keys).toHaveLength(60_001);
  });
});

describe('the known and the unknown', () => {
  test.each([0, 1, 5, 10, 11, 60, 3_600])(
    'with %i s are read at the same moments by who has no key',
    async (seconds) => {
      const { at, reads, tryOut } = open(seconds);
      const moments: Record<string, number[]> = { 'key-1': [], none: [] };
      for (let ms = 0; ms <= 130_000; ms += 500) {
        at(ms);
        for (const [keyId, read] of Object.entries(moments)) {
          const before = reads.keys.length;
          await tryOut(keyId);
          for (let n = before; n < reads.keys.length; n += 1) read.push(ms);
        }
      }
      expect(moments['key-1']).toEqual(moments['none']);
      const everyMs = seconds === 0 ? 500 : Math.min(seconds, 10) * 1_000;
      expect(moments['none']).toHaveLength(Math.floor(130_000 / everyMs) + 1);
    },
  );

  test.each([4_998, 5_001])(
    'are forgotten alike in a flood of names, whoever uses his own: %i more',
    async (more) => {
      const costs = await Promise.all(
        ['key-1', 'none'].map(async (keyId) => {
          const { reads, store, tryOut } = open(60);
          let flooded = 0;
          const flood = async (names: number) => {
            for (let n = 0; n < names; n += 1) await tryOut(`random-${flooded++}`);
          };
          await store.find('key-1');
          await tryOut(keyId);
          await flood(5_000);
          await store.find('key-1');
          await flood(more);
          const before = reads.keys.length;
          await tryOut(keyId);
          return reads.keys.length - before;
        }),
      );
      expect(costs[0]).toBe(costs[1]);
    },
  );
});

describe.each([0, 3, 10, 60])('with %i s, and reads that take their time', (seconds) => {
  test.each([0, 9_999, 10_000, 10_004, 10_005])('an interval of %i ms tells neither', async (waitMs) => {
    const costs = await Promise.all(
      ['key-1', 'none'].map(async (keyId) => {
        const { clock, reads, stored, tryOut } = open(seconds);
        const entry = stored.get('key-1');
        stored.get = (name) => {
          clock.ms += 5;
          return name === 'key-1' ? entry : undefined;
        };
        const cost: number[] = [];
        for (let n = 0; n < 8; n += 1) {
          const before = reads.keys.length;
          await tryOut(keyId);
          cost.push(reads.keys.length - before);
          clock.ms += waitMs;
        }
        return cost;
      }),
    );
    expect(costs[0]).toEqual(costs[1]);
  });
});

describe('concurrent look-ups', () => {
  test('of one keyId share a read, of the holder too', async () => {
    const { at, clock, reads, store } = open();
    const all = await Promise.all(['key-1', 'key-1', 'none', 'none', 'key-1'].map(store.find));
    expect(reads.keys).toEqual(['key-1', 'none']);
    expect(all.map(({ readAtMs }) => readAtMs)).toEqual(Array(5).fill(clock.ms));
    at(10_000);
    const before = await store.find('key-1');
    await Promise.all([1, 2, 3].map(() => store.findNewer('key-1', before)));
    expect(reads.keys).toEqual(['key-1', 'none', 'key-1']);
    const credential = credentialOf();
    await Promise.all([1, 2, 3].map(() => store.findHolder(credential)));
    expect(reads.holders).toEqual(['user-1']);
  });
});

describe('an outage', () => {
  const down = () => new StoreUnavailable('down');

  test('is not remembered, of keys and of holders', async () => {
    const { holders, put, reads, store, stored } = open();
    stored.set('key-1', down());
    await expect(store.find('key-1')).rejects.toThrow(StoreUnavailable);
    put(keyedCredential('key-1'));
    expect((await store.find('key-1')).found).toBeDefined();
    holders.set('user-1', down());
    await expect(store.findHolder(credentialOf())).rejects.toThrow(StoreUnavailable);
    holders.set('user-1', { user: userOf() });
    expect(await store.findHolder(credentialOf())).toEqual({ user: userOf() });
    expect(reads).toEqual({ keys: ['key-1', 'key-1'], holders: ['user-1', 'user-1'] });
  });

  test('leaves what is remembered until its time, and nothing after it', async () => {
    const { at, store, stored } = open(60);
    await store.find('key-1');
    stored.set('key-1', down());
    at(59_999);
    const before = await store.find('key-1');
    // Each who asks is told: nobody knows whether the keys hold.
    for (const _ of [1, 2]) await expect(store.findNewer('key-1', before)).rejects.toThrow(StoreUnavailable);
    expect(await store.find('key-1')).toEqual(before);
    at(60_000);
    await expect(store.find('key-1')).rejects.toThrow(StoreUnavailable);
  });
});

describe('the holder', () => {
  test('is remembered for credentialCacheSeconds, for all its credentials', async () => {
    const { at, reads, store } = open(60);
    await store.findHolder(credentialOf({ keyId: 'key-1' }));
    at(59_999);
    await store.findHolder(credentialOf({ keyId: 'key-2' }));
    expect(reads.holders).toHaveLength(1);
    at(60_000);
    await store.findHolder(credentialOf());
    expect(reads.holders).toHaveLength(2);
  });

  test('a user is not the application of that id, nor an owner the other', async () => {
    const { reads, store } = open();
    const application = { consumerId: 'x', consumerType: 'application' } as const;
    await store.findHolder(credentialOf({ consumerId: 'x' }));
    await store.findHolder(credentialOf({ ...application, ownerUserId: 'user-1' }));
    await store.findHolder(credentialOf({ ...application, ownerUserId: 'user-2' }));
    expect(reads.holders).toEqual(['x', 'x', 'x']);
  });
});
