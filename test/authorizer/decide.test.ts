/** A request's way through one policy: which step has the last word. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { bearerRequest, type RequestParts, requestOf } from '../support/requests.ts';
import { NOW_SECONDS, OTHER_SECRET, tokenOf } from '../support/tokens.ts';
import { configOf, dependenciesOf, foundForUser } from './fixtures.ts';

interface World {
  readonly policy?: Partial<JwtPolicy>;
  readonly config?: Partial<AuthorizerConfig>;
  readonly dependencies?: Partial<Dependencies>;
}

const ask = (token: string | undefined, world: World = {}, parts: RequestParts = {}) =>
  decide(token === undefined ? requestOf(parts) : bearerRequest(token, parts), {
    ...dependenciesOf({ config: configOf([world.policy ?? {}], world.config) }),
    ...world.dependencies,
  });

const code = async (...args: Parameters<typeof ask>) => {
  const decision = await ask(...args);
  return decision.kind === 'denied' ? decision.denial.code : decision.caller.kind;
};

const CONTROLLED: World = {
  policy: { checkCredentialExistence: true },
  dependencies: { findCredential: async (keyId) => (keyId === 'key-1' ? foundForUser() : undefined) },
};
const NO_LOOKUP: Partial<Dependencies> = { findCredential: () => expect.fail('a credential was looked up') };

describe('uncontrolled', () => {
  test('the token’s content is the caller, and nothing is looked up', async () => {
    const world = { dependencies: NO_LOOKUP };
    expect(await ask(tokenOf({ sub: 'ada', role: 'admin' }), world)).toEqual({
      kind: 'allowed',
      caller: {
        kind: 'authenticated',
        claims: { exp: NOW_SECONDS + 3600, sub: 'ada', role: 'admin' },
        spelled: expect.objectContaining({
          json: `{"exp":${NOW_SECONDS + 3600},"sub":"ada","role":"admin"}`,
        }),
        keySource: 'inline',
        scopes: [],
        principalId: 'ada',
        expiresAtSeconds: NOW_SECONDS + 3600,
      },
    });
  });

  test.each([
    [undefined, 'token_missing'],
    ['garbage', 'token_malformed'],
    [tokenOf({ exp: NOW_SECONDS }), 'token_expired'],
    [tokenOf({}, { key: OTHER_SECRET }), 'signature_invalid'],
    [tokenOf({}, { algorithm: 'HS384' }), 'algorithm_not_allowed'],
  ])('%s: %s', async (token, expected) => {
    expect(await code(token)).toBe(expected);
  });
});

describe('controlled', () => {
  test('consumer and claims go on', async () => {
    const decision = await ask(tokenOf({ sub: 'key-1', role: 'admin' }), CONTROLLED);
    expect(decision).toMatchObject({
      kind: 'allowed',
      caller: { principalId: 'user-1', claims: { role: 'admin' }, found: { credential: { keyId: 'key-1' } } },
    });
  });

  test('a token without a stored credential is denied', async () => {
    expect(await code(tokenOf({ sub: 'key-2' }), CONTROLLED)).toBe('credential_unknown');
    expect(await code(tokenOf(), CONTROLLED)).toBe('credential_unknown');
  });

  test.each([tokenOf({ sub: 'key-1' }, { key: OTHER_SECRET }), tokenOf({ sub: 'key-1', exp: 1 }), 'garbage'])(
    'nothing is looked up before the token is verified',
    async (token) => {
      const world = { ...CONTROLLED, dependencies: NO_LOOKUP };
      expect(['signature_invalid', 'token_expired', 'token_malformed']).toContain(await code(token, world));
    },
  );

  test('a table that cannot be reached is an exception, with passThrough too', async () => {
    const findCredential = () => Promise.reject(new StoreUnavailable('down'));
    for (const passThrough of [false, true]) {
      const policy = { checkCredentialExistence: true, passThrough };
      const asked = ask(tokenOf({ sub: 'key-1' }), { policy, dependencies: { findCredential } });
      await expect(asked).rejects.toThrow(StoreUnavailable);
    }
  });
});

describe('scopes', () => {
  const config = { routes: [{ paths: ['/orders'], scopes: ['orders:read'] }] };
  const scopeClaim = { scopeClaim: ['scope'] };
  const holding = (...scopes: string[]): Partial<Dependencies> => ({
    findCredential: async () => foundForUser({ scopes }),
  });
  const token = tokenOf({ sub: 'key-1', scope: 'orders:read' });

  test('the token’s count where scopeClaim names them', async () => {
    expect(await code(token, { config, policy: scopeClaim })).toBe('authenticated');
    expect(await code(tokenOf({ scope: 'x' }), { config, policy: scopeClaim })).toBe('scope_missing');
    expect(await code(token, { config })).toBe('scope_missing');
  });

  test('the credential’s count in the controlled modality', async () => {
    const policy = { checkCredentialExistence: true };
    expect(await code(token, { config, policy, dependencies: holding('orders:read') })).toBe('authenticated');
    expect(await code(token, { config, policy, dependencies: holding() })).toBe('scope_missing');
  });

  test('both count where both are there', async () => {
    const policy = { checkCredentialExistence: true, ...scopeClaim };
    const bare = tokenOf({ sub: 'key-1' });
    expect(await code(token, { config, policy, dependencies: holding('orders:read') })).toBe('authenticated');
    expect(await code(token, { config, policy, dependencies: holding() })).toBe('scope_missing');
    expect(await code(bare, { config, policy, dependencies: holding('orders:read') })).toBe('scope_missing');
  });

  test('an anonymous caller has none', async () => {
    const policy = { passThrough: true, ...scopeClaim };
    expect(await code(undefined, { config, policy })).toBe('scope_missing');
    expect(await code(undefined, { config, policy }, { resource: '/free' })).toBe('anonymous');
  });

  test('a token that is no good gets its bearer no scopes', async () => {
    const policy = { passThrough: true, ...scopeClaim };
    const forged = tokenOf({ scope: 'orders:read' }, { key: OTHER_SECRET });
    expect(await code(forged, { config, policy })).toBe('scope_missing');
  });

  test('a denial for want of a scope names the caller and is not lasting', async () => {
    expect(await ask(tokenOf({ sub: 'ada' }), { config, policy: scopeClaim })).toMatchObject({
      kind: 'denied',
      isLasting: false,
      caller: { principalId: 'ada' },
    });
  });
});

describe('a lasting denial', () => {
  const isLasting = async (token: string | undefined, world: World = {}) => {
    const decision = await ask(token, world);
    return decision.kind === 'denied' && decision.isLasting;
  };

  test('is one that neither time nor state changes', async () => {
    expect(await isLasting('garbage')).toBe(true);
    expect(await isLasting(tokenOf({ exp: 1 }))).toBe(true);
    expect(await isLasting(tokenOf({ iss: 'x' }), { policy: { issuer: ['i'] } })).toBe(true);
    expect(await isLasting(undefined)).toBe(false);
    expect(await isLasting(tokenOf({ nbf: NOW_SECONDS + 1 }))).toBe(false);
    expect(await isLasting(tokenOf({ sub: 'key-2' }), CONTROLLED)).toBe(false);
  });

  test('is one of all the policies that were asked', async () => {
    const config = configOf([{ passThrough: true, tokenPlace: { in: 'query', name: 'token' } }, {}]);
    const decision = await decide(bearerRequest('garbage'), dependenciesOf({ config }));
    expect(decision).toMatchObject({ kind: 'denied', isLasting: false });
  });
});

describe('who is let through as nobody in particular', () => {
  const passing = { passThrough: true };
  const inQuery = { ...passing, tokenPlace: { in: 'query', name: 'token' } } as const;
  const passed = async (token: string | undefined, policies: readonly Partial<JwtPolicy>[]) => {
    const request = token === undefined ? requestOf() : bearerRequest(token);
    const decision = await decide(request, dependenciesOf({ config: configOf(policies) }));
    expect(decision).toMatchObject({ kind: 'allowed', caller: { kind: 'anonymous' } });
    return decision;
  };

  test('is so because of the last token that was refused', async () => {
    expect(await passed('garbage', [passing])).toHaveProperty('passedThrough', 'token_malformed');
    expect(await passed(tokenOf({ exp: 1 }), [passing, inQuery])).toHaveProperty(
      'passedThrough',
      'token_expired',
    );
    const policies = [passing, { ...passing, algorithms: ['HS512'] as const }];
    expect(await passed(tokenOf({}, { key: OTHER_SECRET }), policies)).toHaveProperty(
      'passedThrough',
      'algorithm_not_allowed',
    );
  });

  test('or because there was none', async () => {
    expect(await passed(undefined, [passing, inQuery])).not.toHaveProperty('passedThrough');
  });
});

test('a token of any of a policy’s issuers is the policy’s', async () => {
  const world = { policy: { issuer: ['a', 'b'] } };
  for (const iss of ['a', 'b']) expect(await code(tokenOf({ iss }), world)).toBe('authenticated');
  expect(await code(tokenOf({ iss: 'c' }), world)).toBe('issuer_mismatch');
});
