import { describe, expect, test } from 'vitest';
import { findConsumer } from '../../lambda/authorizer/consumer.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import type { FoundCredential } from '../../lambda/consumers/find-credential.ts';
import { markStale } from '../../lambda/consumers/last-known.ts';
import { type Application, StoreUnavailable, type User } from '../../lambda/consumers/model.ts';
import { NOW_SECONDS as NOW } from '../support/tokens.ts';
import {
  APPLICATION_CREDENTIAL,
  applicationOf,
  credentialOf,
  foundForUser,
  policyOf,
  userOf,
} from './fixtures.ts';

interface Look {
  readonly claims?: object;
  readonly policy?: Partial<JwtPolicy>;
  readonly isOneOfSeveral?: boolean;
}

async function outcome(found: FoundCredential | undefined, look: Look = {}): Promise<string> {
  const { claims = {}, policy = {}, isOneOfSeveral = false } = look;
  const find = async (keyId: string) => (keyId === 'key-1' ? found : undefined);
  const result = await findConsumer({ sub: 'key-1', ...claims }, policyOf(policy), {
    find,
    isOneOfSeveral,
    nowSeconds: NOW,
  });
  return isDenial(result) ? result.code : result.credential.consumerId;
}

const foundForApplication = (
  user: User | undefined,
  application: Application | undefined,
): FoundCredential => ({
  credential: credentialOf(APPLICATION_CREDENTIAL),
  holder: { ...(user && { user }), ...(application && { application }) },
});

describe('the credential', () => {
  test('of an active user counts', async () => {
    expect(await outcome(foundForUser())).toBe('user-1');
  });

  test('is unknown when nothing is stored', async () => {
    expect(await outcome(undefined)).toBe('credential_unknown');
  });

  test.each([{ sub: undefined }, { sub: 7 }, { sub: '' }, { sub: 'key-2' }])(
    'is unknown for the claims %j',
    async (claims) => {
      expect(await outcome(foundForUser(), { claims })).toBe('credential_unknown');
    },
  );

  test('is inactive when it was deactivated', async () => {
    expect(await outcome(foundForUser({ isActive: false }))).toBe('credential_inactive');
  });

  test('is inactive from expiresAtSeconds on', async () => {
    expect(await outcome(foundForUser({ expiresAtSeconds: NOW + 1 }))).toBe('user-1');
    expect(await outcome(foundForUser({ expiresAtSeconds: NOW }))).toBe('credential_inactive');
    expect(await outcome(foundForUser({ expiresAtSeconds: NOW - 1 }))).toBe('credential_inactive');
  });

  test('whose table cannot be reached is no denial', async () => {
    const find = async () => {
      throw new StoreUnavailable('down');
    };
    const options = { find, isOneOfSeveral: false, nowSeconds: NOW };
    await expect(findConsumer({ sub: 'key-1' }, policyOf(), options)).rejects.toThrow(StoreUnavailable);
  });
});

describe('the consumer', () => {
  const inactiveUser = userOf({ isActive: false });
  const inactiveApplication = applicationOf({ isActive: false });

  test('a user must be active', async () => {
    expect(await outcome(foundForUser({}, inactiveUser))).toBe('consumer_inactive');
  });

  test('a deleted user is inactive', async () => {
    expect(await outcome({ credential: credentialOf(), holder: {} })).toBe('consumer_inactive');
  });

  test.each<[string, User | undefined, Application | undefined, string]>([
    ['active, as its owner is', userOf(), applicationOf(), 'app-1'],
    ['inactive', userOf(), inactiveApplication, 'consumer_inactive'],
    ['deleted', userOf(), undefined, 'consumer_inactive'],
    ['of an inactive owner', inactiveUser, applicationOf(), 'consumer_inactive'],
    ['of a deleted owner', undefined, applicationOf(), 'consumer_inactive'],
    ['inactive, of an inactive owner', inactiveUser, inactiveApplication, 'consumer_inactive'],
    ['deleted with its owner', undefined, undefined, 'consumer_inactive'],
  ])('an application that is %s', async (_, user, application, expected) => {
    expect(await outcome(foundForApplication(user, application))).toBe(expected);
  });
});

describe('the issuer of a credential', () => {
  const bound = foundForUser({ issuer: 'https://a.example' });
  const unbound = foundForUser();
  const policy = { issuer: ['https://a.example'] };
  const both = { issuer: ['https://a.example', 'https://b.example'] };
  const [a, b] = [{ iss: 'https://a.example' }, { iss: 'https://b.example' }];

  test.each<[string, FoundCredential, Look, string]>([
    ['unbound, one policy', unbound, { policy, claims: a }, 'user-1'],
    ['unbound, one policy without issuer', unbound, {}, 'user-1'],
    ['bound to the token’s issuer', bound, { policy, claims: a }, 'user-1'],
    ['bound to another of the policy’s issuers', bound, { policy: both, claims: b }, 'credential_unknown'],
    ['bound, and the policy names no issuer', bound, { claims: a }, 'user-1'],
    ['bound elsewhere, and the policy names no issuer', bound, { claims: b }, 'credential_unknown'],
    ['bound, and the token has no issuer', bound, {}, 'credential_unknown'],
    ['unbound, several policies', unbound, { policy, claims: a, isOneOfSeveral: true }, 'credential_unknown'],
    ['bound, several policies', bound, { policy, claims: a, isOneOfSeveral: true }, 'user-1'],
    [
      'bound elsewhere, several policies',
      bound,
      { policy: { issuer: ['https://b.example'] }, claims: b, isOneOfSeveral: true },
      'credential_unknown',
    ],
    [
      'bound, several policies, this one without issuer',
      bound,
      { claims: a, isOneOfSeveral: true },
      'credential_unknown',
    ],
  ])('%s', async (_, found, look, expected) => {
    expect(await outcome(found, look)).toBe(expected);
  });
});

describe('what was read before an outage of the table', () => {
  const PARTS = ['credential', 'holder'] as const;
  const policy = { issuer: ['https://a.example'] };
  const claims = { iss: 'https://a.example' };
  /** As it is served through the outage. */
  const staled = (found: FoundCredential, part: (typeof PARTS)[number]) => {
    markStale(found[part]);
    return found;
  };

  test.each(PARTS)('lets in while it counts: the %s', async (part) => {
    expect(await outcome(staled(foundForUser(), part))).toBe('user-1');
    expect(await outcome(staled(foundForUser({ expiresAtSeconds: NOW + 1 }), part))).toBe('user-1');
    const own = foundForUser({ issuer: 'https://a.example' });
    expect(await outcome(staled(own, part), { policy, claims })).toBe('user-1');
  });

  test.each<[string, () => FoundCredential, string]>([
    ['that expires now', () => foundForUser({ expiresAtSeconds: NOW }), 'credential_inactive'],
    ['that is inactive', () => foundForUser({ isActive: false }), 'credential_inactive'],
    ['of another issuer', () => foundForUser({ issuer: 'https://b.example' }), 'credential_unknown'],
    ['of an inactive user', () => foundForUser({}, userOf({ isActive: false })), 'consumer_inactive'],
    ['of a deleted user', () => ({ credential: credentialOf(), holder: {} }), 'consumer_inactive'],
    [
      'of an inactive application',
      () => foundForApplication(userOf(), applicationOf({ isActive: false })),
      'consumer_inactive',
    ],
  ])('denies nobody: a credential %s', async (_, found, denied) => {
    for (const part of PARTS)
      await expect(outcome(staled(found(), part), { policy, claims })).rejects.toThrow(StoreUnavailable);
    // Read now, the same is a denial.
    expect(await outcome(found(), { policy, claims })).toBe(denied);
  });

  test('a name that is read, and that there is none of, is unknown', async () => {
    expect(await outcome(staled(foundForUser(), 'credential'), { claims: { sub: 'key-2' } })).toBe(
      'credential_unknown',
    );
  });
});
