import { createSecretKey, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { RSA as CONFIG_RSA, spkiPem } from '../config/keys.ts';
import { type Deciding, deciding, ISSUER, JWKS, KEY_SET, tokenBy } from './deciding.ts';
import { clock, DAY, MINUTE, outcome, SECOND, type Signer, settle, signer } from './support.ts';

const FIRST = signer('RSA');
const SECOND_KEY = signer('RSA');
const EC = signer('P-256');
const STRANGER = signer('RSA');
const named = ({ jwk }: Signer, kid?: string) => ({ ...jwk, ...(kid !== undefined && { kid }) });
const setOf = (...keys: object[]) => ({ keys });
const DOWN = new KeyUnavailable('down');

const COOLDOWN = 10 * SECOND;
const REFRESH = 5 * MINUTE;
const WAIT = 10 * MINUTE;

/** With one key `a` fetched. */
async function ready(options: object = {}, set: object = setOf(named(FIRST, 'a'))): Promise<Deciding> {
  const bench = deciding({ ...KEY_SET, ...options }, { keySet: () => set });
  await settle();
  return bench;
}

const unavailable = async (decided: Promise<string>) =>
  expect(await outcome(decided)).toBeInstanceOf(KeyUnavailable);

describe('a token of the issuer', () => {
  test('is accepted with the keys that were fetched beforehand', async () => {
    const { decided, fetches } = await ready({}, setOf(named(FIRST, 'a'), named(EC, 'b')));
    expect(fetches).toEqual(['jwksUri']);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(await decided(tokenBy(FIRST, 'a', { algorithm: 'PS512' }))).toBe('allowed');
    expect(await decided(tokenBy(EC, 'b', { algorithm: 'ES256' }))).toBe('allowed');
    expect(await decided(tokenBy(EC, undefined, { algorithm: 'ES256' }))).toBe('allowed');
    expect(fetches).toHaveLength(1);
  });
  test('waits for the keys that are still on their way, with all others', async () => {
    const { decided, fetches } = deciding(KEY_SET, { keySet: () => setOf(named(FIRST, 'a')) });
    const all = Array.from({ length: 100 }, () => decided(tokenBy(FIRST, 'a')));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['allowed']));
    expect(fetches).toHaveLength(1);
  });
  test('is denied when it is for another audience, or too old', async () => {
    const { decided } = await ready();
    expect(await decided(tokenBy(FIRST, 'a', { aud: 'billing' }))).toBe('audience_mismatch');
    expect(await decided(tokenBy(FIRST, 'a', { exp: 1 }))).toBe('token_expired');
  });
});

describe('no key of the set verifies', () => {
  test.each<[string, string, string]>([
    ['the signature of another', tokenBy(STRANGER, 'a'), 'signature_invalid'],
    ['its key under another name', tokenBy(FIRST, 'b'), 'key_unknown'],
    ['another type than its own', tokenBy(EC, 'a', { algorithm: 'ES256' }), 'key_unknown'],
    [
      'HS256 with its public key for a secret',
      tokenBy({ key: createSecretKey(spkiPem(CONFIG_RSA.publicKey), 'utf8') }, 'a', { algorithm: 'HS256' }),
      'algorithm_not_allowed',
    ],
  ])('%s', async (_, token, code) => {
    const { decided } = await ready();
    expect(await decided(token)).toBe(code);
  });
  test('a token for which it is not meant', async () => {
    const set = setOf({ ...named(FIRST, 'a'), use: 'enc' }, { ...named(SECOND_KEY, 'b'), alg: 'RS512' });
    const { decided } = await ready({}, set);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('key_unknown');
    expect(await decided(tokenBy(SECOND_KEY, 'b'))).toBe('key_unknown');
    expect(await decided(tokenBy(SECOND_KEY, 'b', { algorithm: 'RS512' }))).toBe('allowed');
  });
});

describe('unknown names of keys', () => {
  const tokens = Array.from({ length: 1000 }, () => tokenBy(STRANGER, randomUUID()));

  test('a thousand at the same time make one fetch, and within the cooldown none', async () => {
    const bench = await ready();
    for (const [atMs, fetches] of [
      [COOLDOWN - 1, 1],
      [COOLDOWN, 2],
      [2 * COOLDOWN - 1, 2],
      [2 * COOLDOWN, 3],
    ] as const) {
      bench.time.at(atMs);
      const codes = await Promise.all(tokens.map(bench.decided));
      expect(new Set(codes)).toEqual(new Set(['key_unknown']));
      expect(bench.fetches).toHaveLength(fetches);
    }
  });
  test('a thousand one after the other make one fetch each ten seconds', async () => {
    const bench = await ready();
    for (const [i, token] of tokens.entries()) {
      bench.time.at(COOLDOWN + i * 100);
      expect(await bench.decided(token)).toBe('key_unknown');
    }
    // In the hundred seconds from the tenth on; the refresh after five minutes is not reached.
    expect(bench.fetches).toHaveLength(1 + 10);
  });
  test('that are no text make none', async () => {
    const { decided, time, fetches } = await ready();
    time.at(COOLDOWN);
    for (const kid of [7, null, true, ['a'], { a: 1 }, []])
      expect(await decided(tokenBy(FIRST, kid))).toBe('key_unknown');
    expect(fetches).toHaveLength(1);
  });
  test('do not hold up who is known', async () => {
    const { decided, time, sources, finders } = await ready();
    time.at(COOLDOWN);
    sources.keySet = () => new Promise(() => undefined);
    void decided(tokenBy(STRANGER, 'x'));
    await settle();
    expect(finders[0]?.find({ algorithm: 'RS256', kid: 'a' })).toHaveLength(1);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
  });
});

test('wrong signatures under a known name make one fetch in the cooldown, and an outage is no reason to believe them', async () => {
  const { decided, time, fetches, sources } = await ready();
  time.at(COOLDOWN);
  for (let n = 0; n < 100; n += 1) expect(await decided(tokenBy(STRANGER, 'a'))).toBe('signature_invalid');
  expect(fetches).toHaveLength(2);
  sources.keySet = () => DOWN;
  time.pass(COOLDOWN);
  expect(await decided(tokenBy(STRANGER, 'a'))).toBe('signature_invalid');
  expect(await decided(tokenBy(STRANGER, 'a'))).toBe('signature_invalid');
});
test('another key under the same name is found by the first token of it', async () => {
  const { decided, time, sources } = await ready();
  time.at(COOLDOWN);
  sources.keySet = () => setOf(named(SECOND_KEY, 'a'));
  expect(await decided(tokenBy(SECOND_KEY, 'a'))).toBe('allowed');
  expect(await decided(tokenBy(FIRST, 'a'))).toBe('signature_invalid');
});

describe('a rotation', () => {
  test('a new key is found by the first token that names it', async () => {
    const { decided, time, fetches, sources } = await ready();
    time.at(COOLDOWN);
    sources.keySet = () => setOf(named(FIRST, 'a'), named(SECOND_KEY, 'b'));
    const all = Array.from({ length: 100 }, () => decided(tokenBy(SECOND_KEY, 'b')));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['allowed']));
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(fetches).toHaveLength(2);
  });
  test('a withdrawn key stops with the refresh, where there are requests', async () => {
    const { decided, time, fetches, sources } = await ready();
    sources.keySet = () => setOf(named(SECOND_KEY, 'b'));
    time.at(REFRESH - 1);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(fetches).toHaveLength(1);
    time.at(REFRESH);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    await settle();
    expect(fetches).toHaveLength(2);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('key_unknown');
    expect(await decided(tokenBy(SECOND_KEY, 'b'))).toBe('allowed');
    expect(fetches).toHaveLength(2);
  });
  test('and within ten minutes where there were none', async () => {
    const before = await ready();
    before.sources.keySet = () => setOf(named(SECOND_KEY, 'b'));
    before.time.at(WAIT - 1);
    expect(await before.decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    const after = await ready();
    after.sources.keySet = () => setOf(named(SECOND_KEY, 'b'));
    after.time.at(WAIT);
    expect(await after.decided(tokenBy(FIRST, 'a'))).toBe('key_unknown');
    expect(after.fetches).toHaveLength(2);
  });
  test('a set without keys withdraws all of them', async () => {
    const { decided, time, sources } = await ready();
    sources.keySet = () => setOf();
    time.at(WAIT);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('key_unknown');
  });
  test('a token without a name finds the key that replaced the only one', async () => {
    const { decided, time, fetches, sources } = await ready();
    time.at(COOLDOWN);
    sources.keySet = () => setOf(named(SECOND_KEY, 'b'));
    expect(await decided(tokenBy(SECOND_KEY))).toBe('allowed');
    expect(fetches).toHaveLength(2);
    expect(await decided(tokenBy(FIRST))).toBe('signature_invalid');
    expect(fetches).toHaveLength(2);
  });
  test('a token without a name finds none among two', async () => {
    const { decided, time, sources } = await ready();
    time.at(COOLDOWN);
    sources.keySet = () => setOf(named(FIRST, 'a'), named(SECOND_KEY, 'b'));
    expect(await decided(tokenBy(SECOND_KEY))).toBe('key_unknown');
    expect(await decided(tokenBy(FIRST))).toBe('key_unknown');
  });
  test('two keys of one name and type: either verifies', async () => {
    const { decided } = await ready({}, setOf(named(FIRST, 'a'), named(SECOND_KEY, 'a')));
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(await decided(tokenBy(SECOND_KEY, 'a'))).toBe('allowed');
    expect(await decided(tokenBy(STRANGER, 'a'))).toBe('signature_invalid');
  });
});

describe('an outage of the issuer', () => {
  test('the keys at hand serve for a day, and no longer', async () => {
    const { decided, time, sources, reports } = await ready();
    sources.keySet = () => DOWN;
    for (const atMs of [REFRESH, WAIT, 12 * 3600 * SECOND, DAY - 1]) {
      time.at(atMs);
      expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
      await settle();
    }
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.at(-1)).toEqual({ failure: DOWN, policyIndex: 0 });
    time.at(DAY);
    await unavailable(decided(tokenBy(FIRST, 'a')));
  });
  test('nobody knows whether an unknown name is wrong, but a known one with a wrong signature is', async () => {
    const { decided, time, sources } = await ready();
    sources.keySet = () => DOWN;
    time.at(COOLDOWN);
    await unavailable(decided(tokenBy(STRANGER, 'x')));
    expect(await decided(tokenBy(STRANGER, 'a'))).toBe('signature_invalid');
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
  });
  test('nobody knows whether the only key has a successor, of which a token without a name may be', async () => {
    const { decided, time, sources } = await ready();
    sources.keySet = () => DOWN;
    time.at(COOLDOWN - 1);
    expect(await decided(tokenBy(STRANGER))).toBe('signature_invalid');
    time.at(COOLDOWN);
    await unavailable(decided(tokenBy(STRANGER)));
    expect(await decided(tokenBy(FIRST))).toBe('allowed');
  });
  test('at the start is a 500 for all, and over with the first answer', async () => {
    const { decided, time, fetches, sources } = deciding(KEY_SET, { keySet: () => DOWN });
    await unavailable(decided(tokenBy(FIRST, 'a')));
    await unavailable(decided(tokenBy(STRANGER, 'x')));
    expect(fetches).toHaveLength(1);
    sources.keySet = () => setOf(named(FIRST, 'a'));
    time.pass(SECOND);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(fetches).toHaveLength(2);
  });
  test('is no reason to let anybody pass, nor to ask the next policy', async () => {
    const policies = [
      { ...KEY_SET, passThrough: true },
      { ...KEY_SET, jwksUri: 'https://other.example/jwks', passThrough: true },
    ];
    const { decided } = deciding(policies, {
      keySet: (source) =>
        source.kind === 'jwksUri' && source.uri === JWKS ? DOWN : setOf(named(FIRST, 'a')),
    });
    await settle();
    await unavailable(decided(tokenBy(FIRST, 'a')));
  });
  test('recovers after the maximum age', async () => {
    const { decided, time, sources } = await ready();
    sources.keySet = () => DOWN;
    time.at(DAY);
    await unavailable(decided(tokenBy(FIRST, 'a')));
    sources.keySet = () => setOf(named(SECOND_KEY, 'a'));
    time.pass(30 * SECOND);
    expect(await decided(tokenBy(SECOND_KEY, 'a'))).toBe('allowed');
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('signature_invalid');
  });
  test.each<[string, unknown]>([
    ['null', null],
    ['a page', '<html></html>'],
    ['an empty mapping', {}],
    ['keys that are no list', { keys: {} }],
    ['a list', [named(SECOND_KEY, 'b')]],
    ['101 keys', setOf(...Array.from({ length: 101 }, () => named(SECOND_KEY, 'b')))],
    ['a fault', new TypeError('fault')],
  ])('an answer of %s is one too: the old keys serve', async (_, answer) => {
    const { decided, time, sources, reports } = await ready();
    sources.keySet = () => answer;
    time.at(WAIT);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    await unavailable(decided(tokenBy(SECOND_KEY, 'b')));
    expect(reports).toHaveLength(1);
    sources.keySet = () => setOf(named(SECOND_KEY, 'b'));
    time.pass(COOLDOWN);
    expect(await decided(tokenBy(SECOND_KEY, 'b'))).toBe('allowed');
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('key_unknown');
  });
  test('that begins between two looks at the keys is none of the process', async () => {
    const { finders, time, sources } = await ready();
    sources.keySet = () => DOWN;
    time.at(DAY - 1);
    const hint = { algorithm: 'RS256', kid: 'x' } as const;
    expect(await finders[0]?.find(hint)).toEqual([]);
    time.pass(SECOND);
    expect(await outcome(finders[0]?.findNewer(hint))).toBe(DOWN);
  });
});

describe('keys of several issuers', () => {
  const OTHER = 'https://other.example';
  const policies = [KEY_SET, { ...KEY_SET, jwksUri: `${OTHER}/jwks`, issuer: OTHER }];
  const both = () =>
    deciding(policies, {
      keySet: (source) =>
        setOf(named(source.kind === 'jwksUri' && source.uri === JWKS ? FIRST : SECOND_KEY, 'a')),
    });

  test('with one name do not mix', async () => {
    const { decided, fetches } = both();
    await settle();
    expect(fetches).toHaveLength(2);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(await decided(tokenBy(SECOND_KEY, 'a', { iss: OTHER }))).toBe('allowed');
    expect(await decided(tokenBy(SECOND_KEY, 'a'))).toBe('signature_invalid');
    expect(await decided(tokenBy(FIRST, 'a', { iss: OTHER }))).toBe('signature_invalid');
    // Without a name either.
    expect(await decided(tokenBy(SECOND_KEY))).toBe('signature_invalid');
    expect(fetches).toHaveLength(2);
  });
  test('have cooldowns and outages of their own', async () => {
    const { decided, fetches, time, sources } = both();
    await settle();
    time.at(DAY);
    const { keySet } = sources;
    sources.keySet = (source) => (source.kind === 'jwksUri' && source.uri === JWKS ? DOWN : keySet?.(source));
    await unavailable(decided(tokenBy(FIRST, 'a')));
    expect(await decided(tokenBy(SECOND_KEY, 'a', { iss: OTHER }))).toBe('allowed');
    expect(fetches).toHaveLength(4);
  });
  test('are not asked for a token of a third', async () => {
    const { decided, fetches, time } = both();
    await settle();
    time.at(COOLDOWN);
    expect(await decided(tokenBy(STRANGER, 'x', { iss: 'https://evil.example' }))).toBe('issuer_mismatch');
    expect(fetches).toHaveLength(2);
  });
});

describe('a snapshot', () => {
  const taken = clock();
  const fetchedAt = new Date(taken.now()).toISOString();
  const options = { ...KEY_SET, jwksSnapshot: { fetchedAt, keys: [named(FIRST, 'a')] } };

  test('of a moment ago serves at once', async () => {
    const { decided, fetches } = deciding(options, { keySet: () => new Promise(() => undefined) });
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    expect(fetches).toHaveLength(0);
  });
  test('gives way to what the issuer has, from the first request on', async () => {
    const late = clock();
    late.at(DAY);
    const { decided } = deciding(options, { keySet: () => setOf(named(SECOND_KEY, 'b')) }, late);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('key_unknown');
    expect(await decided(tokenBy(SECOND_KEY, 'b'))).toBe('allowed');
  });
  test('does not know a newer key, which is waited for', async () => {
    const { decided, fetches } = deciding(options, { keySet: () => setOf(named(SECOND_KEY, 'b')) });
    expect(await decided(tokenBy(SECOND_KEY, 'b'))).toBe('allowed');
    expect(fetches).toHaveLength(1);
  });
  test('serves in an outage; what it does not know, nobody knows', async () => {
    const { decided } = deciding(options, { keySet: () => DOWN });
    await settle();
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    await unavailable(decided(tokenBy(SECOND_KEY, 'b')));
  });
  test('serves for thirty days from when it was taken, and no longer', async () => {
    const late = clock();
    late.at(30 * DAY - 1);
    const { decided, time } = deciding(options, { keySet: () => DOWN }, late);
    await settle();
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    time.pass(1);
    await unavailable(decided(tokenBy(FIRST, 'a')));
  });
  test('of the future is one of now', async () => {
    const early = clock();
    const future = {
      ...options,
      jwksSnapshot: { ...options.jwksSnapshot, fetchedAt: '2999-01-01T00:00:00Z' },
    };
    const { decided, time } = deciding(future, { keySet: () => DOWN }, early);
    expect(await decided(tokenBy(FIRST, 'a'))).toBe('allowed');
    time.pass(30 * DAY);
    await unavailable(decided(tokenBy(FIRST, 'a')));
  });
  test('is taken as carefully as a set that is fetched', async () => {
    const weak = { ...options, jwksSnapshot: { fetchedAt, keys: [{ ...FIRST.jwk, use: 'enc' }, 7] } };
    const { decided } = deciding(weak, { keySet: () => new Promise(() => undefined) });
    const asked = decided(tokenBy(FIRST));
    await settle();
    expect(await Promise.race([asked, 'waiting'])).toBe('waiting');
  });
});

test('discovery is a source like an address', async () => {
  const { decided, fetches } = await ready({ jwksUri: undefined, discovery: true });
  expect(await decided(tokenBy(FIRST, 'a', { iss: ISSUER }))).toBe('allowed');
  expect(fetches).toEqual(['discovery']);
});
