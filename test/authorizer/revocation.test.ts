import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { checkRevocation } from '../../lambda/authorizer/revocation.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import type { CredentialHolder } from '../../lambda/consumers/model.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import type { NamedToken } from '../../lambda/consumers/token-names.ts';
import { bearerRequest } from '../support/requests.ts';
import { NOW_SECONDS as NOW, signatureOf, tokenOf } from '../support/tokens.ts';
import {
  APPLICATION_CREDENTIAL,
  applicationOf,
  configOf,
  credentialOf,
  dependenciesOf,
  finderOf,
  foundForUser,
  userOf,
} from './fixtures.ts';

describe('the check', () => {
  const check = (claims: object, all: number | undefined, holder?: CredentialHolder) =>
    checkRevocation(claims as never, {
      revocation: { isRevoked: false, ...(all !== undefined && { issuedBeforeSeconds: all }) },
      holder,
    })?.code;

  test('a revoked token is denied, and not lastingly', () => {
    const denial = checkRevocation({}, { revocation: { isRevoked: true }, holder: undefined });
    expect(denial).toMatchObject({ code: 'token_revoked', isLasting: false });
  });

  test.each([
    [{ iat: NOW }, undefined, undefined],
    [{}, undefined, undefined],
    [{ iat: NOW }, NOW, undefined],
    [{ iat: NOW - 1 }, NOW, 'token_revoked'],
    [{ iat: NOW - 0.001 }, NOW, 'token_revoked'],
    [{ iat: NOW + 0.001 }, NOW, undefined],
    [{}, NOW, 'token_revoked'],
  ])('of %j with all before %s revoked: %s', (claims, moment, expected) => {
    expect(check(claims, moment)).toBe(expected);
    if (moment === undefined) return;
    const user = userOf({ issuedBeforeSeconds: moment });
    const application = applicationOf({ issuedBeforeSeconds: moment });
    expect(check(claims, undefined, { user })).toBe(expected);
    expect(check(claims, undefined, { user: userOf(), application })).toBe(expected);
    // Each of them is enough.
    expect(check(claims, 1, { user, application: applicationOf({ issuedBeforeSeconds: 1 }) })).toBe(expected);
  });
});

describe('on a request’s way', () => {
  const decided = async (
    policies: readonly Partial<JwtPolicy>[],
    claims: object,
    dependencies: Partial<Dependencies> = {},
  ) => {
    const decision = await decide(
      bearerRequest(tokenOf(claims)),
      dependenciesOf({
        config: configOf(policies),
        findCredential: async (keyId) => (keyId === 'key-1' ? foundForUser() : undefined),
        ...dependencies,
      }),
    );
    return decision.kind === 'denied' ? decision.denial.code : decision.caller.kind;
  };
  const revoked: Partial<Dependencies> = { findRevocation: async () => ({ isRevoked: true }) };
  const never: Partial<Dependencies> = {
    findRevocation: () => expect.fail('a revocation was looked up'),
  };

  test('uncontrolled: only where it is asked for', async () => {
    expect(await decided([{}], {}, never)).toBe('authenticated');
    expect(await decided([{ tokenRevocation: true }], {}, revoked)).toBe('token_revoked');
    expect(await decided([{ tokenRevocation: true }], {})).toBe('authenticated');
  });

  test('controlled: always', async () => {
    expect(await decided([{ checkCredentialExistence: true }], { sub: 'key-1' }, revoked)).toBe(
      'token_revoked',
    );
  });

  test.each([
    [{ isRevoked: true }, 'token_revoked'],
    [{ isRevoked: false }, 'authenticated'],
  ])('the same whichever of both is remembered: %j', async (revocation, expected) => {
    const controlled = [{ checkCredentialExistence: true }];
    for (const findCredential of [() => foundForUser(), async () => foundForUser()])
      for (const findRevocation of [() => revocation, async () => revocation])
        expect(await decided(controlled, { sub: 'key-1' }, { findCredential, findRevocation })).toBe(
          expected,
        );
    const unknown = { findCredential: () => undefined, findRevocation: () => revocation };
    expect(await decided(controlled, { sub: 'key-1' }, unknown)).toBe('credential_unknown');
  });

  test('nothing is looked up for a token that is denied before', async () => {
    expect(await decided([{ tokenRevocation: true }], { exp: 1 }, never)).toBe('token_expired');
    expect(await decided([{ tokenRevocation: true, issuer: ['a'] }], { iss: 'b' }, never)).toBe(
      'issuer_mismatch',
    );
  });

  test('nor for one that names no credential: an outage of the table is none of its caller’s', async () => {
    expect(await decided([{ checkCredentialExistence: true }], {}, never)).toBe('credential_unknown');
  });

  test('a look-up that says neither is no word that it was not revoked', async () => {
    const findRevocation = () => ({}) as { isRevoked: boolean };
    expect(await decided([{ tokenRevocation: true }], {}, { findRevocation })).toBe('token_revoked');
  });

  test('whether the credential is known comes first', async () => {
    expect(await decided([{ checkCredentialExistence: true }], { sub: 'key-2' }, revoked)).toBe(
      'credential_unknown',
    );
  });

  test('no other policy accepts a revoked token; it may be let through as anonymous', async () => {
    const first = { tokenRevocation: true, passThrough: true };
    expect(await decided([first, {}], {}, revoked)).toBe('token_revoked');
    expect(await decided([first, { passThrough: true }], {}, revoked)).toBe('anonymous');
  });

  test('an outage is one, never an Allow, with passThrough neither', async () => {
    const down = async () => {
      throw new StoreUnavailable('down');
    };
    const policies = [{ tokenRevocation: true, passThrough: true }];
    await expect(decided(policies, {}, { findRevocation: down })).rejects.toThrow(StoreUnavailable);
  });

  test('the token is named by what its signature covers, and its own iss and jti', async () => {
    const named: NamedToken[] = [];
    const findRevocation = async (token: NamedToken) => {
      named.push(token);
      return { isRevoked: false };
    };
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const policy = {
      tokenRevocation: true,
      algorithms: ['ES256' as const],
      keySource: { kind: 'inline' as const, key: publicKey },
    };
    const claims = { iss: 'https://a', jti: '7' };
    const token = tokenOf(claims, { algorithm: 'ES256', key: privateKey });
    const signedPart = token.slice(0, token.lastIndexOf('.'));
    const again = `${signedPart}.${signatureOf(signedPart, 'ES256', privateKey).toString('base64url')}`;
    expect(again).not.toBe(token);
    const dependencies = dependenciesOf({
      config: configOf([policy]),
      keysOf: () => finderOf(publicKey),
      findRevocation,
    });
    for (const spelling of [token, again])
      expect((await decide(bearerRequest(spelling), dependencies)).kind).toBe('allowed');
    expect(named).toEqual([token, again].map(() => ({ signedPart, issuer: 'https://a', jti: '7' })));
  });

  test('an application’s tokens are revoked with its owner’s', async () => {
    const holder = { user: userOf({ issuedBeforeSeconds: NOW }), application: applicationOf() };
    const findCredential = async () => ({
      credential: credentialOf({ ...APPLICATION_CREDENTIAL, keyId: 'key-1' }),
      holder,
    });
    const policies = [{ checkCredentialExistence: true }];
    expect(await decided(policies, { sub: 'key-1', iat: NOW - 1 }, { findCredential })).toBe('token_revoked');
    expect(await decided(policies, { sub: 'key-1', iat: NOW }, { findCredential })).toBe('authenticated');
  });
});
