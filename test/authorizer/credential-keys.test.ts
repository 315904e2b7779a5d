/** `credentialKey`: each credential's own key verifies its tokens. What is looked up when, and what it costs. */
import crypto from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keysOfCredential } from '../../lambda/authorizer/credential-keys.ts';
import { decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import { ALGORITHMS, type Algorithm } from '../../lambda/config/types.ts';
import type { CredentialKey } from '../../lambda/consumers/keyed-credential.ts';
import { EC, RSA, spkiPem } from '../config/keys.ts';
import { NOW_SECONDS as NOW, type TokenOptions, tokenOf } from '../support/tokens.ts';
import {
  CREDENTIAL_POLICY,
  keyedCredential,
  openWorld,
  secretText,
  signedBy,
  type World,
} from './credential-world.ts';

const OWN = secretText('key-1');
const FOREIGN = secretText('foreign');

function open(...args: Parameters<typeof openWorld>): World {
  const world = openWorld(...args);
  world.put(keyedCredential('key-1'));
  return world;
}

describe('a credential’s own key', () => {
  const rsaKey = { publicKey: spkiPem(RSA.publicKey), algorithm: 'RS256' };
  const ecKey = { publicKey: spkiPem(EC.publicKey), algorithm: 'ES256' };
  const rows: [string, CredentialKey, TokenOptions][] = [
    ['HS256', { keySecret: OWN }, {}],
    ['HS384', { keySecret: OWN }, { algorithm: 'HS384' }],
    ['HS512', { keySecret: OWN }, { algorithm: 'HS512' }],
    ['RS256', rsaKey, { algorithm: 'RS256', key: RSA.privateKey }],
    ['PS512', { ...rsaKey, algorithm: 'PS512' }, { algorithm: 'PS512', key: RSA.privateKey }],
    ['ES256', ecKey, { algorithm: 'ES256', key: EC.privateKey }],
  ];

  test.each(rows)('verifies its tokens: %s', async (_, key, options) => {
    const { code, put, reads } = open();
    put(keyedCredential('key-1', [key]));
    expect(await code(signedBy(OWN, {}, options))).toBe('user-1');
    expect(reads).toEqual({ keys: ['key-1'], holders: ['user-1'] });
  });

  test('is looked up once, and it is told whether that was remembered, also for names that there are not', async () => {
    const { code, put, lookups } = open();
    put(keyedCredential('key-1', [{ keySecret: OWN }]));
    for (let i = 0; i < 2; i += 1) await code(signedBy(OWN));
    for (let i = 0; i < 2; i += 1) await code(signedBy(OWN, { sub: 'nobody' }));
    expect(lookups).toEqual(['read', 'remembered', 'read', 'remembered']);
  });

  test.each([
    ['another secret', { keySecret: OWN }, signedBy(FOREIGN)],
    ['a public key as the secret', rsaKey, signedBy(rsaKey.publicKey)],
    ['that, stored as a secret', { keySecret: rsaKey.publicKey }, signedBy(rsaKey.publicKey)],
    ['RS384', rsaKey, signedBy(OWN, {}, { algorithm: 'RS384', key: RSA.privateKey })],
    ['PS256', rsaKey, signedBy(OWN, {}, { algorithm: 'PS256', key: RSA.privateKey })],
    ['ES256', rsaKey, signedBy(OWN, {}, { algorithm: 'ES256', key: EC.privateKey })],
    ['HS512', { keySecret: OWN.slice(0, 63) }, signedBy(OWN.slice(0, 63), {}, { algorithm: 'HS512' })],
  ])('does not hold with %s', async (_, key, token) => {
    const { code, put, reads } = open();
    put(keyedCredential('key-1', [key]));
    expect(await code(token)).toBe('signature_invalid');
    expect(reads.holders).toEqual([]);
  });

  test('is another one’s for nobody', async () => {
    const { code, put } = open();
    put(keyedCredential('key-2'));
    expect(await code(signedBy(OWN, { sub: 'key-2' }))).toBe('signature_invalid');
    expect(await code(signedBy(secretText('key-2'), { sub: 'key-2' }))).toBe('user-1');
  });

  test('short secrets count where the policy allows them', async () => {
    const policies = [true, false].map((allowShortSecret) => ({ ...CREDENTIAL_POLICY, allowShortSecret }));
    const codes = policies.map((policy) => {
      const { code, put } = openWorld({ policies: [policy] });
      put(keyedCredential('key-1', [{ keySecret: 'short' }]));
      return code(signedBy('short'));
    });
    expect(await Promise.all(codes)).toEqual(['user-1', 'signature_invalid']);
  });
});

describe('nothing is looked up', () => {
  const HS256 = { ...CREDENTIAL_POLICY, algorithms: ['HS256'] as const };

  test.each<[string, string, object]>([
    ['an algorithm outside the list', 'algorithm_not_allowed', {}],
    ['that of an expired token', 'token_expired', { exp: NOW }],
  ])('for %s', async (_, expected, claims) => {
    const { code, reads } = open({ policies: [HS256] });
    expect(await code(signedBy(OWN, claims, { algorithm: 'HS384' }))).toBe(expected);
    expect(reads.keys).toEqual([]);
  });

  test('for another issuer', async () => {
    const { code, reads } = open({ policies: [{ ...CREDENTIAL_POLICY, issuer: ['https://a/'] }] });
    expect(await code(signedBy(OWN, { iss: 'https://b/' }))).toBe('issuer_mismatch');
    expect(await code(signedBy(OWN))).toBe('issuer_mismatch');
    expect(reads.keys).toEqual([]);
    expect(await code(signedBy(OWN, { iss: 'https://a/' }))).toBe('user-1');
  });

  test.each([
    [0, NOW, 0],
    [0, NOW + 0.001, 1],
    [5, NOW - 5, 0],
    [5, NOW - 4.999, 1],
  ])('with a tolerance of %i s for exp %d: %i look-ups', async (clockToleranceSeconds, exp, lookUps) => {
    const { code, reads } = open({ policies: [{ ...CREDENTIAL_POLICY, clockToleranceSeconds }] });
    expect(await code(signedBy(OWN, { exp }))).toBe(lookUps === 0 ? 'token_expired' : 'user-1');
    expect(reads.keys).toHaveLength(lookUps);
  });

  test('without exp, unless that is allowed; never with one that is no time', async () => {
    const codeOf = async (requireExp: boolean, exp: unknown) => {
      const { code, reads } = open({ policies: [{ ...CREDENTIAL_POLICY, requireExp }] });
      return [await code(signedBy(OWN, { exp })), reads.keys.length];
    };
    expect(await codeOf(true, undefined)).toEqual(['claim_missing', 0]);
    expect(await codeOf(false, undefined)).toEqual(['user-1', 1]);
    for (const requireExp of [true, false])
      for (const exp of ['4000000000', null, [NOW + 9], { a: 1 }, true])
        expect(await codeOf(requireExp, exp)).toEqual(['token_malformed', 0]);
  });

  test.each([
    undefined,
    null,
    7,
    true,
    '',
    ['key-1'],
    { sub: 'key-1' },
    'a b',
    'é',
    'key-1\n',
    '\u007f',
    'x'.repeat(257),
  ])('for a sub that is no keyId: %j', async (sub) => {
    const { code, reads } = open();
    expect(await code(signedBy(OWN, { sub }))).toBe('credential_unknown');
    expect(reads.keys).toEqual([]);
  });

  test('for garbage', async () => {
    const { code, reads } = open();
    for (const token of ['x', 'a.b.c', `${signedBy(OWN)}.`, signedBy(OWN).slice(0, -1)]) await code(token);
    expect(reads.keys).toEqual([]);
  });

  test('else it is: the longest keyId there can be', async () => {
    const { code, put, reads } = open();
    const sub = '~'.repeat(256);
    put(keyedCredential(sub, [{ keySecret: OWN }]));
    expect(await code(signedBy(OWN, { sub }))).toBe('user-1');
    expect(reads.keys).toEqual([sub]);
  });
});

describe('the claims', () => {
  test('are looked at once the signature held, and only then', async () => {
    const { code, reads } = open({ policies: [{ ...CREDENTIAL_POLICY, audience: ['api'] }] });
    expect(await code(signedBy(FOREIGN, { aud: 'other' }))).toBe('signature_invalid');
    expect(await code(signedBy(OWN, { aud: 'other' }))).toBe('audience_mismatch');
    expect(reads.holders).toEqual([]);
    expect(await code(signedBy(OWN, { aud: 'api' }))).toBe('user-1');
  });
});

describe('rotation', () => {
  const [OLD, NEW] = [secretText('old'), secretText('new')];
  const overlapping = (untilSeconds: number) =>
    keyedCredential('key-1', [{ keySecret: NEW }, { keySecret: OLD, untilSeconds }]);

  test('both keys verify for the overlap; the old one ends on time', async () => {
    const { clock, code, put, reads } = open({ seconds: 3_600 });
    put(overlapping(NOW + 5));
    expect(await Promise.all([code(signedBy(OLD)), code(signedBy(NEW))])).toEqual(['user-1', 'user-1']);
    clock.ms = (NOW + 5) * 1_000 - 1;
    expect(await Promise.all([code(signedBy(OLD)), code(signedBy(NEW))])).toEqual(['user-1', 'user-1']);
    clock.ms = (NOW + 5) * 1_000;
    expect(await code(signedBy(OLD))).toBe('signature_invalid');
    expect(await code(signedBy(NEW))).toBe('user-1');
    // One for the signature that does not hold any more, which might be that of a newer key.
    expect(reads.keys).toEqual(['key-1', 'key-1']);
  });

  test('of public keys, each with its algorithm', async () => {
    const { clock, code, put } = open();
    const rs = { publicKey: spkiPem(RSA.publicKey), algorithm: 'RS256', untilSeconds: NOW + 5 };
    put(keyedCredential('key-1', [{ publicKey: spkiPem(EC.publicKey), algorithm: 'ES256' }, rs]));
    const byRsa = signedBy('', {}, { algorithm: 'RS256', key: RSA.privateKey });
    const byEc = signedBy('', {}, { algorithm: 'ES256', key: EC.privateKey });
    expect(await Promise.all([code(byRsa), code(byEc)])).toEqual(['user-1', 'user-1']);
    clock.ms += 5_000;
    expect(await Promise.all([code(byRsa), code(byEc)])).toEqual(['signature_invalid', 'user-1']);
  });

  test('a new key is found by the read that its first token makes', async () => {
    const { code, put, reads } = open({ seconds: 3_600 });
    put(keyedCredential('key-1', [{ keySecret: OLD }]));
    expect(await code(signedBy(OLD))).toBe('user-1');
    put(overlapping(NOW + 3_600));
    for (let n = 0; n < 20; n += 1) expect(await code(signedBy(NEW))).toBe('user-1');
    expect(await code(signedBy(OLD))).toBe('user-1');
    expect(reads.keys).toHaveLength(2);
  });

  test('a new key is found 10 s after the last wrong signature at the latest', async () => {
    const { clock, code, put, reads } = open({ seconds: 3_600 });
    put(keyedCredential('key-1', [{ keySecret: OLD }]));
    expect(await code(signedBy(FOREIGN))).toBe('signature_invalid');
    put(overlapping(NOW + 3_600));
    clock.ms += 9_999;
    for (let n = 0; n < 20; n += 1) expect(await code(signedBy(NEW))).toBe('signature_invalid');
    expect(reads.keys).toHaveLength(1);
    clock.ms += 1;
    expect(await code(signedBy(NEW))).toBe('user-1');
    expect(reads.keys).toHaveLength(2);
  });

  test('a name that is in use is read for a wrong signature as one that there is not', async () => {
    const { code, reads } = open({ seconds: 3_600 });
    expect(await code(signedBy(OWN))).toBe('user-1');
    const probes = async (sub: string) => {
      const before = reads.keys.length;
      for (let n = 0; n < 5; n += 1) await code(signedBy(FOREIGN, { sub }));
      return reads.keys.length - before;
    };
    expect([await probes('key-1'), await probes('none')]).toEqual([1, 1]);
    // And who has the key is not kept out by it.
    expect(await code(signedBy(OWN))).toBe('user-1');
  });

  test('wrong signatures cost a read every 10 s, however many there are', async () => {
    const { clock, code, reads } = open({ seconds: 3_600 });
    for (let n = 0; n < 300; n += 1) {
      expect(await code(signedBy(FOREIGN))).toBe('signature_invalid');
      clock.ms += 100;
    }
    expect(reads.keys).toHaveLength(3);
  });

  test('a key that was taken away ends with that read, or with what is remembered', async () => {
    const { clock, code, put, stored } = open({ seconds: 60 });
    expect(await code(signedBy(OWN))).toBe('user-1');
    put(keyedCredential('key-1', [{ keySecret: NEW }]));
    clock.ms += 10_000;
    expect(await code(signedBy(OWN))).toBe('user-1');
    expect(await code(signedBy(NEW))).toBe('user-1');
    expect(await code(signedBy(OWN))).toBe('signature_invalid');
    stored.delete('key-1');
    clock.ms += 59_999;
    expect(await code(signedBy(NEW))).toBe('user-1');
    clock.ms += 1;
    expect(await code(signedBy(NEW))).toBe('credential_unknown');
  });

  test('a credential that was deleted is unknown as soon as that is read', async () => {
    const { clock, code, stored } = open({ seconds: 3_600 });
    expect(await code(signedBy(OWN))).toBe('user-1');
    stored.clear();
    clock.ms += 10_000;
    expect(await code(signedBy(FOREIGN))).toBe('credential_unknown');
    expect(await code(signedBy(OWN))).toBe('credential_unknown');
  });
});

describe('who does not hold the key cannot tell a credential that is there from one that is not', () => {
  const { privateKey: foreignRsa } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreignEc = (namedCurve: string) => crypto.generateKeyPairSync('ec', { namedCurve }).privateKey;
  const EC_KEYS = { ES256: foreignEc('P-256'), ES384: foreignEc('P-384'), ES512: foreignEc('P-521') };
  const forgedBy = (algorithm: Algorithm): TokenOptions => {
    if (algorithm.startsWith('HS')) return { algorithm };
    if (algorithm === 'ES256' || algorithm === 'ES384' || algorithm === 'ES512')
      return { algorithm, key: EC_KEYS[algorithm] };
    return { algorithm, key: foreignRsa };
  };
  const rsaPem = spkiPem(RSA.publicKey);
  const KINDS: Readonly<Record<string, readonly CredentialKey[]>> = {
    'a secret': [{ keySecret: OWN }],
    'a short secret': [{ keySecret: 'short' }],
    'a public key': [{ publicKey: rsaPem, algorithm: 'RS256' }],
    'two keys': [{ keySecret: OWN }, { keySecret: secretText('old'), untilSeconds: NOW + 3_600 }],
    'two kinds of keys': [
      { keySecret: OWN },
      { publicKey: rsaPem, algorithm: 'RS256', untilSeconds: NOW + 3_600 },
    ],
    'a key that has ended': [{ keySecret: OWN }, { keySecret: FOREIGN, untilSeconds: NOW }],
    'no key': [],
  };

  let checked = 0;
  beforeEach(() => {
    const { createHmac, createVerify } = crypto;
    vi.spyOn(crypto, 'createHmac').mockImplementation((...args) => {
      checked += 1;
      return createHmac(...args);
    });
    vi.spyOn(crypto, 'createVerify').mockImplementation((...args) => {
      checked += 1;
      return createVerify(...args);
    });
  });
  afterEach(() => vi.restoreAllMocks());

  /** What requests for a minute come to: codes for the log, and per request what it cost. */
  async function costs(world: World, token: string) {
    const codes = new Set<string>();
    const cost: unknown[] = [];
    for (let n = 0; n < 14; n += 1) {
      const [readsBefore, checkedBefore] = [world.reads.keys.length, checked];
      const decision = await world.ask(token);
      if (decision.kind !== 'denied') throw new Error('a forged token was accepted');
      codes.add(decision.denial.code);
      cost.push([world.reads.keys.length - readsBefore, checked - checkedBefore, decision.isLasting]);
      world.clock.ms += 5_000;
    }
    return { codes: [...codes], cost };
  }

  describe.each(Object.keys(KINDS))('%s', (kind) => {
    test.each(ALGORITHMS)('%s', async (algorithm) => {
      const seconds = 60;
      const forged = (sub: string) => signedBy('forger', { sub }, forgedBy(algorithm));
      const world = openWorld({ seconds });
      world.put(keyedCredential('key-1', KINDS[kind]));
      const known = await costs(world, forged('key-1'));
      const none = await costs(openWorld({ seconds }), forged('none'));
      expect(known.codes).toEqual(['signature_invalid']);
      expect(none.codes).toEqual(['credential_unknown']);
      expect(known.cost).toEqual(none.cost);
      expect(none.cost[0]).toEqual([1, 2, false]);
      expect(none.cost[1]).toEqual([0, 2, false]);
    });
  });

  test('a token that is right is checked once', async () => {
    const world = open();
    const token = signedBy(OWN);
    const before = checked;
    expect(await world.code(token)).toBe('user-1');
    expect(checked - before).toBe(1);
  });
});

describe('an outage of the table', () => {
  const DOWN = new Error('down');

  test('is one: never a denial, anonymous or the next policy', async () => {
    const next = { checkCredentialExistence: false };
    const lists = [
      [CREDENTIAL_POLICY],
      [{ ...CREDENTIAL_POLICY, passThrough: true }],
      [{ ...CREDENTIAL_POLICY, passThrough: true }, next],
    ];
    for (const policies of lists) {
      for (const broken of ['keys', 'holders'] as const) {
        const { ask, holders, stored } = open({ policies });
        if (broken === 'keys') stored.set('key-1', DOWN);
        else holders.set('user-1', DOWN);
        await expect(ask(signedBy(OWN))).rejects.toBe(DOWN);
      }
    }
    // The next policy would have taken it.
    const { ask, stored } = open({ policies: lists[2] ?? [] });
    stored.set('key-1', DOWN);
    await expect(ask(tokenOf({ sub: 'key-1' }))).rejects.toBe(DOWN);
    expect(await open({ policies: [next] }).code(tokenOf({ sub: 'key-1' }))).toBe('key-1');
  });

  test('leaves those who are remembered; of a wrong signature nobody knows then', async () => {
    const { ask, clock, code, stored } = open({ seconds: 60 });
    expect(await code(signedBy(OWN))).toBe('user-1');
    stored.set('key-1', DOWN);
    await expect(ask(signedBy(FOREIGN))).rejects.toBe(DOWN);
    expect(await code(signedBy(OWN))).toBe('user-1');
    await expect(ask(signedBy(FOREIGN))).rejects.toBe(DOWN);
    clock.ms += 60_000;
    await expect(ask(signedBy(OWN))).rejects.toBe(DOWN);
  });
});

test('a token of another policy’s algorithms is not an unknown credential', async () => {
  const { ask } = open({ policies: [{ ...CREDENTIAL_POLICY, algorithms: ['ES256'] }] });
  expect(await ask(tokenOf({ sub: 'none' }))).toMatchObject({
    denial: { code: 'algorithm_not_allowed' },
    isLasting: true,
  });
});

test('there are no newer keys than those that nobody asked for', () => {
  const { dependencies, reads } = open();
  const [policy] = dependencies.config.policies;
  const decoded = decode(signedBy('key-1') as UnverifiedToken);
  if (policy === undefined || isDenial(decoded)) throw new Error('no token of a policy');
  const context = { store: dependencies.credentialKeys, nowMs: NOW * 1000 };
  const keys = keysOfCredential(decoded, policy, context);
  if (isDenial(keys)) throw new Error('no keys');
  expect(keys.findNewer({ algorithm: 'HS256', kid: undefined })).toBeUndefined();
  expect(reads).toEqual({ keys: [], holders: [] });
});

test('a credential that has come up since is found for a token that asks again', async () => {
  const { code, clock, put } = open();
  const token = signedBy(secretText('key-2'), { sub: 'key-2' });
  expect(await code(token)).toBe('credential_unknown');
  put(keyedCredential('key-2'));
  clock.ms += 59_000;
  expect(await code(token)).toBe('user-1');
});
