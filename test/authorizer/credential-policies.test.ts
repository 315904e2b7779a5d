/** `credentialKey` within a whole decision: whose credential goes on, and beside which other policies. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALGORITHMS } from '../../lambda/config/types.ts';
import type { CredentialKey } from '../../lambda/consumers/keyed-credential.ts';
import type { Credential, CredentialHolder } from '../../lambda/consumers/model.ts';
import { EC, RSA, spkiPem } from '../config/keys.ts';
import { NOW_SECONDS as NOW, OTHER_SECRET, SECRET, secretKey, tokenOf } from '../support/tokens.ts';
import {
  CREDENTIAL_POLICY,
  keyedCredential,
  openWorld,
  secretText,
  signedBy,
  type WorldOptions,
} from './credential-world.ts';
import { APPLICATION_CREDENTIAL, applicationOf, userOf } from './fixtures.ts';

const OWN = secretText('key-1');

function open({ credential, ...options }: WorldOptions & { readonly credential?: Partial<Credential> } = {}) {
  const world = openWorld(options);
  world.put(keyedCredential('key-1', [{ keySecret: OWN }], credential));
  return world;
}

describe('the credential whose key held', () => {
  test('goes on, with its consumer and its scopes', async () => {
    const world = open({ credential: { scopes: ['orders:read'] } });
    expect(await world.ask(signedBy(OWN, { role: 'admin' }))).toMatchObject({
      kind: 'allowed',
      caller: {
        principalId: 'user-1',
        scopes: ['orders:read'],
        claims: { role: 'admin' },
        found: { credential: { keyId: 'key-1', consumerId: 'user-1' }, holder: { user: { id: 'user-1' } } },
      },
    });
  });

  test('is the one of that read, though the keyId is another consumer’s by the next', async () => {
    const world = open({ seconds: 60 });
    const another = keyedCredential('key-1', [{ keySecret: secretText('another') }], {
      consumerId: 'user-2',
    });
    world.holders.set('user-2', { user: userOf({ id: 'user-2', username: 'eve' }) });
    expect(await world.code(signedBy(OWN))).toBe('user-1');
    world.put(another);
    world.clock.ms += 10_000;
    // Remembered: the former credential, with its key and its consumer.
    expect(await world.code(signedBy(OWN))).toBe('user-1');
    // Read again: the new one, with its own.
    expect(await world.code(signedBy(secretText('another')))).toBe('user-2');
    expect(await world.code(signedBy(OWN))).toBe('signature_invalid');
  });

  test('is the former one’s or the new one’s, never a mixture, at every moment of the change', async () => {
    for (const changeAt of ['before the keys', 'before the holder', 'after both']) {
      const world = open({ seconds: 0 });
      const change = () => {
        world.put(keyedCredential('key-1', [{ keySecret: secretText('b') }], { consumerId: 'user-2' }));
        world.holders.set('user-2', { user: userOf({ id: 'user-2' }) });
      };
      const { findHolder } = world.store;
      world.dependencies.credentialKeys.findHolder = (credential) => {
        if (changeAt === 'before the holder') change();
        return findHolder(credential);
      };
      if (changeAt === 'before the keys') change();
      const ofFormer = await world.code(signedBy(OWN));
      expect(ofFormer).toBe(changeAt === 'before the keys' ? 'signature_invalid' : 'user-1');
      change();
      expect(await world.code(signedBy(OWN))).toBe('signature_invalid');
      expect(await world.code(signedBy(secretText('b')))).toBe('user-2');
    }
  });

  test.each<[string, Partial<Credential>, string]>([
    ['is active', {}, 'user-1'],
    ['is inactive', { isActive: false }, 'credential_inactive'],
    ['expires in a moment', { expiresAtSeconds: NOW + 1 }, 'user-1'],
    ['has expired', { expiresAtSeconds: NOW }, 'credential_inactive'],
  ])('%s', async (_, credential, expected) => {
    const { code } = open({ credential });
    expect(await code(signedBy(OWN))).toBe(expected);
    // Its state is told to nobody but who holds the key.
    expect(await code(signedBy(secretText('other')))).toBe('signature_invalid');
  });

  test.each<[string, Partial<Credential>, CredentialHolder, string]>([
    ['an inactive user', {}, { user: userOf({ isActive: false }) }, 'consumer_inactive'],
    ['a deleted user', {}, {}, 'consumer_inactive'],
    [
      'an active application',
      APPLICATION_CREDENTIAL,
      { user: userOf(), application: applicationOf() },
      'app-1',
    ],
    [
      'an inactive application',
      APPLICATION_CREDENTIAL,
      { user: userOf(), application: applicationOf({ isActive: false }) },
      'consumer_inactive',
    ],
    [
      'an application of an inactive owner',
      APPLICATION_CREDENTIAL,
      { user: userOf({ isActive: false }), application: applicationOf() },
      'consumer_inactive',
    ],
    ['a deleted application', APPLICATION_CREDENTIAL, { user: userOf() }, 'consumer_inactive'],
  ])('of %s', async (_, credential, holder, expected) => {
    const world = open({ credential });
    world.holders.set(credential.consumerId ?? 'user-1', holder);
    expect(await world.code(signedBy(OWN))).toBe(expected);
    expect(world.reads.holders).toHaveLength(1);
  });

  test.each([
    [undefined, undefined, 'user-1'],
    [undefined, 'https://a/', 'user-1'],
    ['https://a/', 'https://a/', 'user-1'],
    ['https://a/', 'https://b/', 'credential_unknown'],
    ['https://a/', undefined, 'credential_unknown'],
  ])('that names the issuer %s, in a token of %s', async (issuer, iss, expected) => {
    const { code } = open({ credential: { ...(issuer && { issuer }) } });
    expect(await code(signedBy(OWN, { iss }))).toBe(expected);
  });
});

describe('with passThrough', () => {
  const policies = [{ ...CREDENTIAL_POLICY, passThrough: true }];

  test.each([
    ['its own key', signedBy(OWN), 'user-1'],
    ['another key', signedBy('x'), 'anonymous'],
    ['an unknown credential', signedBy(OWN, { sub: 'none' }), 'anonymous'],
    ['an expired token', signedBy(OWN, { exp: NOW }), 'anonymous'],
    ['no sub', signedBy(OWN, { sub: undefined }), 'anonymous'],
  ])('%s', async (_, token, expected) => {
    expect(await open({ policies }).code(token)).toBe(expected);
  });
});

describe('beside an uncontrolled policy', () => {
  const byPolicy = (claims: object = {}) => tokenOf({ sub: 'key-1', ...claims });

  test.each([true, false])('each takes its own tokens, in either order (%s)', async (isFirst) => {
    const own = { ...CREDENTIAL_POLICY, passThrough: isFirst };
    const uncontrolled = { passThrough: !isFirst };
    const world = open({ policies: isFirst ? [own, uncontrolled] : [uncontrolled, own] });
    const [credentials, bare] = [await world.ask(signedBy(OWN)), await world.ask(byPolicy())];
    expect(credentials).toMatchObject({ caller: { found: { credential: { keyId: 'key-1' } } } });
    // A claim like any other: no credential goes with it.
    expect(bare).toMatchObject({ caller: { principalId: '|key-1' } });
    expect(bare).not.toHaveProperty('caller.found');
    expect(await world.code(tokenOf({ sub: 'key-1' }, { key: OTHER_SECRET }))).toBe('signature_invalid');
  });

  test('a token of an inactive credential, signed by its own key, is not accepted by the next', async () => {
    // Of the worst kind: the policy's key is the credential's.
    const policies = [
      { ...CREDENTIAL_POLICY, passThrough: true },
      { keySource: { kind: 'inline', key: secretKey(OWN) } as const },
    ];
    expect(await open({ policies, credential: { isActive: false } }).code(signedBy(OWN))).toBe(
      'credential_inactive',
    );
  });

  test('the last denial is told: a signature’s, not a credential’s', async () => {
    const world = open({ policies: [{ ...CREDENTIAL_POLICY, passThrough: true }, {}] });
    expect(await world.code(signedBy('x', { sub: 'none' }))).toBe('signature_invalid');
  });
});

describe('beside another controlled policy', () => {
  const [A, B] = ['https://a/', 'https://b/'];
  const policies = [
    { ...CREDENTIAL_POLICY, issuer: [A] },
    { checkCredentialExistence: true, issuer: [B] },
  ];
  const lookUps: string[] = [];
  const openBoth = (issuer?: string) => {
    const world = open({ policies, credential: { ...(issuer && { issuer }) } });
    const { credential } = keyedCredential('key-1', [], { ...(issuer && { issuer }) });
    const findCredential = async (keyId: string) => {
      lookUps.push(keyId);
      return keyId === 'key-1' ? { credential, holder: { user: userOf() } } : undefined;
    };
    return { ...world, dependencies: Object.assign(world.dependencies, { findCredential }) };
  };

  test.each([
    ['its own key, its issuer', A, signedBy(OWN, { iss: A }), 'user-1'],
    ['the policy’s key, its issuer', A, tokenOf({ sub: 'key-1', iss: A }), 'signature_invalid'],
    ['the policy’s key, the policy’s issuer', A, tokenOf({ sub: 'key-1', iss: B }), 'credential_unknown'],
    ['its own key, the policy’s issuer', A, signedBy(OWN, { iss: B }), 'signature_invalid'],
    ['its own key, no issuer', A, signedBy(OWN), 'issuer_mismatch'],
    ['a credential of the other: its policy’s key', B, tokenOf({ sub: 'key-1', iss: B }), 'user-1'],
    ['a credential of the other: its own key', B, signedBy(OWN, { iss: B }), 'signature_invalid'],
    [
      'a credential of the other: its own key, our issuer',
      B,
      signedBy(OWN, { iss: A }),
      'credential_unknown',
    ],
    ['a credential of no issuer: its own key', undefined, signedBy(OWN, { iss: A }), 'credential_unknown'],
    [
      'a credential of no issuer: the policy’s',
      undefined,
      tokenOf({ iss: B, sub: 'key-1' }),
      'credential_unknown',
    ],
  ])('%s', async (_, issuer, token, expected) => {
    expect(await openBoth(issuer).code(token)).toBe(expected);
  });
});

describe('random worlds', () => {
  const POLICY_SECRET = SECRET;
  const SECRETS = ['a', 'b'].map(secretText);
  const [RSA_PEM, EC_PEM] = [spkiPem(RSA.publicKey), spkiPem(EC.publicKey)];

  const key: fc.Arbitrary<CredentialKey> = fc.oneof(
    fc.constantFrom(...SECRETS, RSA_PEM, 'short').map((keySecret) => ({ keySecret })),
    fc.constantFrom('RS256', 'PS256').map((algorithm) => ({ publicKey: RSA_PEM, algorithm })),
    fc.constant({ publicKey: EC_PEM, algorithm: 'ES256' }),
    fc.constant({ publicKey: SECRETS[0] ?? '', algorithm: 'RS256' }),
  );
  /** Seconds from the step on in which it is said. */
  const ahead: fc.Arbitrary<number> = fc.constantFrom(0, 1, 10, 30, 100, 100);
  const mostly = fc.constantFrom(true, true, true, true, false);
  const keyIds = ['k1', 'k2'] as const;
  const credential = fc.record({
    keyId: fc.constantFrom(...keyIds),
    keys: fc
      .tuple(key, fc.option(fc.tuple(key, ahead)))
      .map(([current, previous]): CredentialKey[] =>
        previous === null ? [current] : [current, { ...previous[0], untilSeconds: previous[1] }],
      ),
    isActive: mostly,
    expiresAtSeconds: fc.option(ahead, { nil: undefined, freq: 2 }),
    isHolderActive: mostly,
  });
  /** What signs, by name; the model below goes by the names alone. */
  const SIGNERS = {
    ...Object.fromEntries(SECRETS.map((text) => [text, secretKey(text)])),
    short: secretKey('short'),
    policy: POLICY_SECRET,
    [RSA_PEM]: secretKey(RSA_PEM),
    RSA: RSA.privateKey,
    EC: EC.privateKey,
  };
  const ALGORITHMS_OF = (signer: string) =>
    signer === 'RSA' ? ['RS256', 'RS384', 'PS256'] : signer === 'EC' ? ['ES256'] : ['HS256', 'HS512'];
  const presented = fc.constantFrom(...Object.keys(SIGNERS)).chain((signer) =>
    fc.record({
      signer: fc.constant(signer),
      algorithm: fc.constantFrom(...ALGORITHMS_OF(signer)),
      sub: fc.constantFrom(...keyIds, ...keyIds, 'none'),
      exp: ahead,
      /** Signs instead, where there is such a key: one that the credential has, or had. */
      heldKey: fc.option(fc.nat(3), { freq: 3 }),
    }),
  );

  const HEALTHY = SECRETS;
  const verifies = (stored: CredentialKey, { signer, algorithm }: { signer: string; algorithm: string }) =>
    'keySecret' in stored
      ? HEALTHY.includes(stored.keySecret) && stored.keySecret === signer
      : stored.algorithm === algorithm &&
        ((stored.publicKey === RSA_PEM && signer === 'RSA') ||
          (stored.publicKey === EC_PEM && signer === 'EC'));

  type Stored = typeof credential extends fc.Arbitrary<infer T> ? T : never;
  type Presented = typeof presented extends fc.Arbitrary<infer T> ? T : never;
  const step = fc.record({
    waitSeconds: fc.constantFrom(0, 0, 0, 0.5, 1, 9, 10, 61),
    act: fc.oneof(
      { weight: 2, arbitrary: credential.map((put) => ({ put })) },
      { weight: 1, arbitrary: fc.constantFrom(...keyIds).map((remove) => ({ remove })) },
      { weight: 7, arbitrary: presented.map((token) => ({ token })) },
    ),
  });

  const startingAt = ({ expiresAtSeconds, keys, ...more }: Stored, now: number): Stored => ({
    ...more,
    expiresAtSeconds: expiresAtSeconds && now + expiresAtSeconds,
    keys: keys.map((one) =>
      one.untilSeconds === undefined ? one : { ...one, untilSeconds: now + one.untilSeconds },
    ),
  });

  function signerOf(
    history: readonly { readonly keyId: string; readonly found: Stored | undefined }[],
    { sub, heldKey }: Presented,
  ): Partial<Presented> {
    const all = [...history]
      .reverse()
      .flatMap(({ keyId, found }) => (keyId === sub && found ? found.keys : []));
    const held = all[heldKey ?? all.length];
    if (held === undefined) return {};
    if ('keySecret' in held) return { signer: held.keySecret, algorithm: 'HS256' };
    return { signer: held.algorithm === 'ES256' ? 'EC' : 'RSA', algorithm: held.algorithm };
  }

  /** What a token comes to, were the table as it says. */
  function outcomeOf(
    token: Presented,
    found: Stored | undefined,
    isHolderActive: boolean,
    now: number,
  ): string {
    if (now >= token.exp) return 'token_expired';
    if (found === undefined) return 'credential_unknown';
    const holds = found.keys.some(
      (stored) => now < (stored.untilSeconds ?? Infinity) && verifies(stored, token),
    );
    if (!holds) return 'signature_invalid';
    if (!found.isActive || now >= (found.expiresAtSeconds ?? Infinity)) return 'credential_inactive';
    return isHolderActive ? `of-${token.sub}` : 'consumer_inactive';
  }

  test.each([0, 5, 60])(
    'the decision is the plain model’s, on what the table held at most %i s ago',
    async (seconds) => {
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
          const world = openWorld({
            seconds,
            policies: [
              { ...CREDENTIAL_POLICY, algorithms: ALGORITHMS, issuer: ['own'] },
              { checkCredentialExistence: true, issuer: ['policy'] },
            ],
          });
          let now = NOW;
          const history: {
            readonly keyId: string;
            readonly at: number;
            readonly found: Stored | undefined;
          }[] = [...keyIds, 'none'].map((keyId) => ({ keyId, at: 0, found: undefined }));
          /** The versions of a credential that may still count: those that ended too long ago do not. */
          const versionsOf = (keyId: string) => {
            const all = history.filter((one) => one.keyId === keyId);
            return all.filter((_, index) => now - (all[index + 1]?.at ?? Infinity) < seconds);
          };
          for (const { waitSeconds, act } of steps) {
            now += waitSeconds;
            world.clock.ms = now * 1_000;
            if ('put' in act) {
              const found = startingAt(act.put, now);
              const { keyId, keys, isActive, isHolderActive, expiresAtSeconds } = found;
              world.put(
                keyedCredential(keyId, keys, {
                  consumerId: `of-${keyId}`,
                  issuer: 'own',
                  isActive,
                  ...(expiresAtSeconds !== undefined && { expiresAtSeconds }),
                }),
              );
              const user = userOf({ id: `of-${keyId}`, isActive: isHolderActive });
              world.holders.set(`of-${keyId}`, { user });
              history.push({ keyId, at: now, found });
            } else if ('remove' in act) {
              world.stored.delete(act.remove);
              history.push({ keyId: act.remove, at: now, found: undefined });
            } else {
              const token = {
                ...act.token,
                ...signerOf(history, act.token),
                exp: now + act.token.exp,
              };
              const { signer, algorithm, sub, exp } = token;
              const key = SIGNERS[signer];
              if (key === undefined) throw new Error('no such signer');
              const versions = versionsOf(sub);
              const holderStates = [true, false];
              const possible = versions.flatMap(({ found }) =>
                (seconds === 0 && found !== undefined ? [found.isHolderActive] : holderStates).map(
                  (isActive) => outcomeOf(token, found, isActive, now),
                ),
              );
              const outcome = await world.code(tokenOf({ sub, exp, iss: 'own' }, { algorithm, key }));
              expect(possible).toContain(outcome);
              if (outcome.startsWith('of-')) accepted += 1;
            }
          }
        }),
        { numRuns: 150 },
      );
      expect(accepted).toBeGreaterThan(20);
    },
  );
});

test('a token that can name no credential is still another policy’s', async () => {
  const policies = [{ ...CREDENTIAL_POLICY, passThrough: true }, {}];
  for (const sub of [undefined, 'no id, having spaces'])
    expect(await open({ policies }).ask(tokenOf({ sub }))).toMatchObject({ kind: 'allowed' });
});
