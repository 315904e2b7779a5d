import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { createKeyFinder } from '../../lambda/keys/policy-keys.ts';
import type { StoredSecret } from '../../lambda/keys/stored-keys.ts';
import { policyOf } from '../authorizer/fixtures.ts';
import { SECRET } from '../config/parsing.ts';
import { deciding, tokenBy } from './deciding.ts';
import { DAY, MINUTE, outcome, SECOND, settle } from './support.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
const STORED = { secretArn: ARN, algorithms: ['HS256'], checkCredentialExistence: false };
const DOWN = new KeyUnavailable('down');
const COOLDOWN = 10 * SECOND;

const signedWith = (secret: string) =>
  tokenBy({ key: createSecretKey(secret, 'utf8') }, undefined, { algorithm: 'HS256' });
const secretNo = (i: number) => `${i}-Zq8Xw7Ce6Vr5Bt4Ny3Mu2Li1Ko0Jp9Hg`;
const TOKEN = signedWith(SECRET);
const FORGED = signedWith(secretNo(666));
const holding = (current: string, more: Partial<StoredSecret> = {}): StoredSecret => ({
  current: Buffer.from(current),
  ...more,
});

async function ready(options: object = {}, stored = holding(SECRET)) {
  const bench = deciding({ ...STORED, ...options }, { secret: () => stored });
  await settle();
  return bench;
}

const unavailable = async (decided: Promise<string>) =>
  expect(await outcome(decided)).toBeInstanceOf(KeyUnavailable);

describe('a key in the configuration', () => {
  test('is there at once, and no source is asked', async () => {
    const bench = deciding({ secretOrPublicKey: SECRET, checkCredentialExistence: false }, {});
    expect(await bench.decided(TOKEN)).toBe('allowed');
    expect(await bench.decided(FORGED)).toBe('signature_invalid');
    bench.time.at(DAY);
    const hint = { algorithm: 'HS256', kid: undefined } as const;
    expect(bench.finders[0]?.find(hint)).toHaveLength(1);
    expect(bench.finders[0]?.findNewer(hint)).toBeUndefined();
    expect(bench.fetches).toEqual([]);
  });
});

test('keys of credentials are not those of a policy', () => {
  const policy = policyOf({ keySource: { kind: 'credential' } });
  const never = async () => expect.fail('no source is asked');
  const dependencies = { fetchSecret: never, fetchKeySet: never, now: () => 0, report: () => undefined };
  expect(() => createKeyFinder(policy, dependencies)).toThrow('credential');
});

describe('a key in a store', () => {
  test('is fetched beforehand, once for all, and kept', async () => {
    const bench = deciding(STORED, { secret: () => holding(SECRET) });
    expect(bench.fetches).toEqual(['secretArn']);
    const all = await Promise.all(Array.from({ length: 100 }, () => bench.decided(TOKEN)));
    expect(new Set(all)).toEqual(new Set(['allowed']));
    bench.time.at(5 * MINUTE - 1);
    expect(await bench.decided(TOKEN)).toBe('allowed');
    expect(bench.fetches).toHaveLength(1);
  });
  test('is refreshed while it serves', async () => {
    const { decided, fetches, time } = await ready();
    time.at(5 * MINUTE);
    for (let i = 0; i < 10; i += 1) expect(await decided(TOKEN)).toBe('allowed');
    expect(fetches).toHaveLength(2);
  });
  test('a thousand forged tokens at a time ask for a newer one once in a cooldown', async () => {
    const { decided, fetches, time } = await ready();
    const flood = () => Promise.all(Array.from({ length: 1000 }, () => decided(FORGED)));
    for (const [atMs, count] of [
      [0, 1],
      [COOLDOWN - 1, 1],
      [COOLDOWN, 2],
      [2 * COOLDOWN - 1, 2],
      [2 * COOLDOWN, 3],
    ] as const) {
      time.at(atMs);
      expect(new Set(await flood())).toEqual(new Set(['signature_invalid']));
      expect(fetches).toHaveLength(count);
    }
  });
  test('of several policies are several', async () => {
    const { decided, fetches } = deciding(
      ['a', 'b'].map((issuer) => ({ secret: 'generate', issuer, checkCredentialExistence: false })),
      { secret: (_, index) => holding(`${secretNo(index)}`.padEnd(64, '.')) },
    );
    await settle();
    expect(fetches).toEqual(['generated', 'generated']);
    const by = (index: number, iss: string) =>
      tokenBy({ key: createSecretKey(secretNo(index).padEnd(64, '.'), 'utf8') }, undefined, {
        algorithm: 'HS512',
        iss,
      });
    expect(await decided(by(0, 'a'))).toBe('allowed');
    expect(await decided(by(1, 'b'))).toBe('allowed');
    expect(await decided(by(0, 'b'))).toBe('signature_invalid');
  });
  test('that is none is ours to answer for, and not told', async () => {
    const { decided, reports } = await ready({}, holding('short-secret'));
    await unavailable(decided(TOKEN));
    expect(reports).toHaveLength(1);
    expect(reports[0]?.policyIndex).toBe(0);
    expect(String(reports[0]?.failure)).not.toContain('short-secret');
  });
  test('that becomes none is not taken: the one before it serves on', async () => {
    const { decided, sources, time } = await ready();
    sources.secret = () => holding('short');
    time.at(10 * MINUTE);
    expect(await decided(TOKEN)).toBe('allowed');
    await unavailable(decided(FORGED));
  });
});

describe('a rotation', () => {
  /** The second secret is made at the hour; the first one verifies for another. */
  const ROTATED_MS = 60 * MINUTE;
  async function rotating(options: object = { previousSecretSeconds: 3600 }) {
    const bench = await ready(options);
    const sinceMs = bench.time.now() + ROTATED_MS;
    bench.time.at(ROTATED_MS - 1);
    expect(await bench.decided(TOKEN)).toBe('allowed');
    await settle();
    bench.sources.secret = ({ previousKeySeconds }) =>
      holding(secretNo(2), {
        currentSinceMs: sinceMs,
        ...(previousKeySeconds > 0 && { previous: Buffer.from(SECRET) }),
      });
    return bench;
  }
  const NEW_TOKEN = signedWith(secretNo(2));

  test('tokens of both secrets are good from the first of the new one on', async () => {
    const { decided, time, fetches } = await rotating();
    time.at(ROTATED_MS + COOLDOWN);
    const before = fetches.length;
    const tokens = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? TOKEN : NEW_TOKEN));
    expect(new Set(await Promise.all(tokens.map(decided)))).toEqual(new Set(['allowed']));
    expect(fetches).toHaveLength(before + 1);
  });
  test('the old one ends on time, to the millisecond', async () => {
    const { decided, time } = await rotating();
    time.at(2 * ROTATED_MS - 1);
    expect([await decided(TOKEN), await decided(NEW_TOKEN)]).toEqual(['allowed', 'allowed']);
    time.at(2 * ROTATED_MS);
    expect([await decided(TOKEN), await decided(NEW_TOKEN)]).toEqual(['signature_invalid', 'allowed']);
  });
  test('also while the store cannot be reached', async () => {
    const { decided, time, sources } = await rotating();
    time.at(2 * ROTATED_MS - 1);
    expect(await decided(NEW_TOKEN)).toBe('allowed');
    sources.secret = () => DOWN;
    time.at(2 * ROTATED_MS);
    expect(await decided(TOKEN)).toBe('signature_invalid');
    expect(await decided(NEW_TOKEN)).toBe('allowed');
  });
  test('without a time for the old one, it ends with the next refresh', async () => {
    const { decided, time } = await rotating({ previousSecretSeconds: 0 });
    time.at(ROTATED_MS + 10 * MINUTE);
    expect(await decided(TOKEN)).toBe('signature_invalid');
    expect(await decided(NEW_TOKEN)).toBe('allowed');
  });
  test('of a parameter lets the old one go, unless it is told to keep it', async () => {
    const parameter = { secretArn: undefined, parameterName: '/key' };
    const letGo = await rotating(parameter);
    letGo.time.at(ROTATED_MS + 10 * MINUTE);
    expect(await letGo.decided(TOKEN)).toBe('signature_invalid');
    const kept = await rotating({ ...parameter, previousSecretSeconds: 3600 });
    kept.time.at(ROTATED_MS + 10 * MINUTE);
    expect([await kept.decided(TOKEN), await kept.decided(NEW_TOKEN)]).toEqual(['allowed', 'allowed']);
  });

  test('whenever and however often, no token of a secret that counts is denied, nor one of another let in', async () => {
    const KEEP_SECONDS = 3600;
    // Whoever signs uses a new one no sooner than a cooldown after the last look at the store.
    const step = fc.record({
      passMs: fc.oneof(
        fc.integer({ min: COOLDOWN, max: 20 * MINUTE }),
        fc.integer({ min: COOLDOWN, max: 2 * KEEP_SECONDS * SECOND }),
      ),
      rotates: fc.boolean(),
    });
    const tokens = Array.from({ length: 12 }, (_, i) => signedWith(secretNo(i)));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 11 }), async (steps) => {
        let version = 0;
        let sinceMs: number;
        const bench = deciding(
          { ...STORED, previousSecretSeconds: KEEP_SECONDS },
          {
            secret: () =>
              holding(secretNo(version), {
                currentSinceMs: sinceMs,
                ...(version > 0 && { previous: Buffer.from(secretNo(version - 1)) }),
              }),
          },
        );
        sinceMs = bench.time.now();
        await settle();
        for (const { passMs, rotates } of steps) {
          bench.time.pass(passMs);
          if (rotates) {
            version += 1;
            sinceMs = bench.time.now();
          }
          const [current, previous] = [tokens[version], tokens[version - 1]];
          expect(await bench.decided(current ?? '')).toBe('allowed');
          if (previous !== undefined) {
            const counts = bench.time.now() < sinceMs + KEEP_SECONDS * 1000;
            expect(await bench.decided(previous)).toBe(counts ? 'allowed' : 'signature_invalid');
          }
          await settle();
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('an outage of the store', () => {
  test('the keys at hand serve for a day, and no longer', async () => {
    const { decided, sources, time } = await ready();
    sources.secret = () => DOWN;
    time.at(DAY - 1);
    expect(await decided(TOKEN)).toBe('allowed');
    time.at(DAY);
    await unavailable(decided(TOKEN));
  });
  test('nobody knows whether a signature is wrong, which the key at hand did not make', async () => {
    const { decided, sources, time } = await ready();
    sources.secret = () => DOWN;
    time.at(COOLDOWN);
    await unavailable(decided(FORGED));
    expect(await decided(TOKEN)).toBe('allowed');
  });
  test('at the start is over with the first answer', async () => {
    const { decided, sources, time, fetches } = deciding(STORED, { secret: () => DOWN });
    await unavailable(decided(TOKEN));
    sources.secret = () => holding(SECRET);
    time.pass(SECOND);
    expect(await decided(TOKEN)).toBe('allowed');
    expect(fetches).toHaveLength(2);
  });
});
