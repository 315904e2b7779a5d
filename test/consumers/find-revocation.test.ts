import { describe, expect, test } from 'vitest';
import { createFindRevocation, type Revocations } from '../../lambda/consumers/find-revocation.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { jtiHashOf, tokenHashOf } from '../../lambda/consumers/token-names.ts';

const TOKEN = { signedPart: 'header.payload', issuer: 'a', jti: '7' };
const OTHER = { signedPart: 'header.other' };

/** A table that counts reads. */
function workbench(seconds = 60) {
  const clock = { ms: 0 };
  const reads: string[] = [];
  const table = { revocations: {} as Revocations, revoked: new Set<string>(), isDown: false };
  const reading = <T>(name: string, value: () => T) => {
    reads.push(name);
    if (table.isDown) throw new StoreUnavailable('down');
    return value();
  };
  const find = createFindRevocation(
    {
      readRevocations: async () => reading('all', () => table.revocations),
      isTokenRevoked: async ({ tokenHash, jtiHash = '' }) =>
        reading(tokenHash, () => table.revoked.has(tokenHash) || table.revoked.has(jtiHash)),
    },
    { seconds, now: () => clock.ms },
  );
  const revoke = (hash: string, tokensUntilSeconds = 1_000_000) => {
    table.revocations = { ...table.revocations, tokensUntilSeconds };
    table.revoked.add(hash);
  };
  return { clock, reads, table, find, revoke };
}

describe('looking for revocations', () => {
  test('answers at once while it is known that no token is revoked', async () => {
    const { find, revoke, clock } = workbench();
    const reading = find(TOKEN);
    expect(reading).toBeInstanceOf(Promise);
    await reading;
    expect(find(OTHER)).toEqual({ isRevoked: false });
    clock.ms = 60_000;
    revoke(tokenHashOf(TOKEN.signedPart));
    await find(TOKEN);
    expect(find(TOKEN)).toBeInstanceOf(Promise);
    expect(await find(TOKEN)).toEqual({ isRevoked: true });
  });

  test('where nothing is known, all is read at once; then nothing while it is known that no token is revoked', async () => {
    const { clock, reads, find } = workbench();
    expect(await find(TOKEN)).toEqual({ isRevoked: false });
    expect(reads).toHaveLength(2);
    clock.ms = 59_999;
    expect(await find(OTHER)).toEqual({ isRevoked: false });
    expect(reads).toHaveLength(2);
    clock.ms = 60_000;
    await find(OTHER);
    expect(reads).toHaveLength(4);
  });

  test.each([tokenHashOf(TOKEN.signedPart), jtiHashOf('7', 'a')])('finds a token by %s', async (hash) => {
    const { find, revoke } = workbench();
    revoke(hash);
    expect(await find(TOKEN)).toEqual({ isRevoked: true });
    expect(await find(OTHER)).toEqual({ isRevoked: false });
  });

  test('where some token is revoked, each token is read once within the time', async () => {
    const { clock, reads, find, revoke } = workbench();
    revoke('another');
    await find(TOKEN);
    await find(TOKEN);
    expect(reads).toEqual(['all', tokenHashOf(TOKEN.signedPart)]);
    clock.ms = 59_999;
    await find(OTHER);
    await find(TOKEN);
    expect(reads.slice(2)).toEqual([tokenHashOf(OTHER.signedPart)]);
  });

  test('what is revoked meanwhile counts when the time is over, and no later', async () => {
    const { clock, find, revoke } = workbench();
    await find(TOKEN);
    revoke(tokenHashOf(TOKEN.signedPart));
    clock.ms = 59_999;
    expect(await find(TOKEN)).toEqual({ isRevoked: false });
    clock.ms = 60_000;
    expect(await find(TOKEN)).toEqual({ isRevoked: true });
  });

  test('the time counts from before the read', async () => {
    const { clock, reads, find } = workbench();
    const slow = find(TOKEN);
    clock.ms = 30_000;
    await slow;
    clock.ms = 60_000;
    await find(TOKEN);
    expect(reads).toHaveLength(4);
  });

  test('from the end of the last revocation on, no token is read', async () => {
    const { clock, reads, find, revoke } = workbench();
    revoke('another', 30);
    await find(OTHER);
    clock.ms = 29_999;
    await find(TOKEN);
    expect(reads).toHaveLength(3);
    clock.ms = 30_000;
    await find({ signedPart: 'header.third' });
    expect(reads).toHaveLength(3);
  });

  test('nothing is remembered for 0 seconds', async () => {
    const { find, revoke } = workbench(0);
    await find(TOKEN);
    revoke(tokenHashOf(TOKEN.signedPart));
    expect(await find(TOKEN)).toEqual({ isRevoked: true });
  });

  test('a moment goes with every token', async () => {
    const { table, find } = workbench();
    table.revocations = { issuedBeforeSeconds: 5 };
    const expected = { isRevoked: false, issuedBeforeSeconds: 5 };
    expect(await Promise.all([find(TOKEN), find(OTHER), find(TOKEN)])).toEqual([
      expected,
      expected,
      expected,
    ]);
  });

  test('at the same time, a token is read once', async () => {
    const { reads, find } = workbench(0);
    await Promise.all([find(TOKEN), find(TOKEN), find(OTHER)]);
    expect(reads.sort()).toEqual(
      ['all', tokenHashOf(TOKEN.signedPart), tokenHashOf(OTHER.signedPart)].sort(),
    );
  });

  test('an outage is one, and is not remembered', async () => {
    const { table, find } = workbench();
    table.isDown = true;
    await expect(find(TOKEN)).rejects.toThrow(StoreUnavailable);
    table.isDown = false;
    expect(await find(TOKEN)).toEqual({ isRevoked: false });
  });
});
