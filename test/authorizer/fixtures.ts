/** Configurations and consumers, each as plain as it can be; a test names only what it is about. */
import type { KeyObject } from 'node:crypto';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { toldAtOnce } from '../../lambda/authorizer/moment-of-refusal.ts';
import type { AuthorizerConfig, JwtPolicy, TokenPlace } from '../../lambda/config/types.ts';
import type { FoundCredential } from '../../lambda/consumers/find-credential.ts';
import type { CredentialKeyStore } from '../../lambda/consumers/find-credential-keys.ts';
import type { Application, Credential, User } from '../../lambda/consumers/model.ts';
import type { KeyFinder } from '../../lambda/keys/key-finder.ts';
import { NOW_SECONDS, SECRET } from '../support/tokens.ts';

export const BEARER: TokenPlace = { in: 'header', name: 'Authorization', scheme: 'Bearer' };

/** Uncontrolled, HS256, and no check beside the signature and `exp`. */
export function policyOf(overrides: Partial<JwtPolicy> = {}): JwtPolicy {
  return {
    index: 0,
    keySource: { kind: 'inline', key: SECRET },
    algorithms: ['HS256'],
    allowShortSecret: false,
    tokenPlace: BEARER,
    audience: [],
    issuer: [],
    checkCredentialExistence: false,
    tokenRevocation: overrides.checkCredentialExistence === true,
    passThrough: false,
    requireExp: true,
    clockToleranceSeconds: 0,
    requiredClaims: [],
    ...overrides,
  };
}

export function configOf(
  policies: readonly Partial<JwtPolicy>[] = [{}],
  overrides: Partial<AuthorizerConfig> = {},
): AuthorizerConfig {
  return {
    policies: policies.map((policy, index) => policyOf({ index, ...policy })),
    routes: [],
    authorizerCacheSeconds: 300,
    credentialCacheSeconds: 60,
    expiryCondition: false,
    onDenial: 'unauthorized',
    ...overrides,
  };
}

/** Keys that are there, and no others to come. */
export const finderOf = (...keys: KeyObject[]): KeyFinder => ({
  find: () => keys,
  findNewer: () => undefined,
});

export const inlineKeys: Dependencies['keysOf'] = ({ keySource }) => {
  if (keySource.kind !== 'inline') throw new Error('a test policy has its key inline');
  return finderOf(keySource.key);
};

const noCredentialKeys: CredentialKeyStore = {
  find: async () => ({ found: undefined, readAtMs: NOW_SECONDS * 1000 }),
  findNewer: () => undefined,
  findHolder: async () => ({}),
};

export function dependenciesOf(overrides: Partial<Dependencies> = {}): Dependencies {
  return {
    config: configOf(),
    keysOf: inlineKeys,
    credentialKeys: noCredentialKeys,
    findCredential: async () => undefined,
    findRevocation: async () => ({ isRevoked: false }),
    now: () => NOW_SECONDS * 1000,
    momentOfRefusal: toldAtOnce,
    ...overrides,
  };
}

const CREATED = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' };

export function userOf(overrides: Partial<User> = {}): User {
  return { id: 'user-1', username: 'ada', isActive: true, properties: {}, ...CREATED, ...overrides };
}

export function applicationOf(overrides: Partial<Application> = {}): Application {
  return {
    id: 'app-1',
    userId: 'user-1',
    name: 'engine',
    isActive: true,
    properties: {},
    ...CREATED,
    ...overrides,
  };
}

export function credentialOf(overrides: Partial<Credential> = {}): Credential {
  return {
    keyId: 'key-1',
    type: 'jwt',
    consumerId: 'user-1',
    consumerType: 'user',
    scopes: [],
    isActive: true,
    ...CREATED,
    ...overrides,
  };
}

/** A user's credential; everything active. */
export function foundForUser(credential: Partial<Credential> = {}, user = userOf()): FoundCredential {
  return { credential: credentialOf(credential), holder: { user } };
}

export const APPLICATION_CREDENTIAL: Partial<Credential> = {
  consumerId: 'app-1',
  consumerType: 'application',
  ownerUserId: 'user-1',
};
