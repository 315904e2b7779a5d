import { describe, expect, test } from 'vitest';
import { expiryOf, principalOf } from '../../lambda/authorizer/subject.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { APPLICATION_CREDENTIAL, credentialOf, foundForUser, policyOf } from './fixtures.ts';

describe('the principal', () => {
  const of = (claims: object, isList = false) => principalOf({ ...claims }, { found: undefined, isList });

  test('is the consumer in the controlled modality, in a list too', () => {
    for (const isList of [false, true]) {
      expect(principalOf({ sub: 'key-1', iss: 'i' }, { found: foundForUser(), isList })).toBe('user-1');
      const found = foundForUser(APPLICATION_CREDENTIAL);
      expect(principalOf({ sub: 'key-1', iss: 'i' }, { found, isList })).toBe('app-1');
    }
  });

  test('is the subject, and in a list the issuer’s subject', () => {
    expect(of({ sub: 'ada', iss: 'i' })).toBe('ada');
    expect(of({ sub: 'ada', iss: 'i' }, true)).toBe('i|ada');
  });

  test.each([{}, { sub: '' }, { iss: 'i' }, { sub: 7 }])('is never empty: %j', (claims) => {
    expect(of(claims)).toBe('anonymous');
    expect(of(claims, true)).toBe('anonymous');
  });
});

describe('the end', () => {
  const credential = credentialOf({ expiresAtSeconds: 50 });
  test.each<[object, Partial<JwtPolicy>, typeof credential | undefined, number | undefined]>([
    [{}, {}, undefined, undefined],
    [{ exp: 100 }, {}, undefined, 100],
    [{ exp: 100 }, { clockToleranceSeconds: 5 }, undefined, 105],
    [{ exp: 100, iat: 10 }, {}, undefined, 100],
    [{ exp: 100, iat: 10 }, { maxAgeSeconds: 60 }, undefined, 70],
    [{ exp: 100, iat: 10 }, { maxAgeSeconds: 600 }, undefined, 100],
    [{ iat: 10 }, { maxAgeSeconds: 60, clockToleranceSeconds: 5 }, undefined, 70],
    [{ exp: 100 }, {}, credential, 50],
    [{ exp: 40 }, {}, credential, 40],
    [{}, {}, credential, 50],
    [{}, {}, credentialOf(), undefined],
  ])('of %j under %j', (claims, policy, stored, expected) => {
    expect(expiryOf({ ...claims }, policyOf(policy), stored)).toBe(expected);
  });
});

test('a subject cannot end the line that it is written in', () => {
  const principal = principalOf({ sub: 'ada\r\nx-admin: true' }, { found: undefined, isList: false });
  expect(principal).toBe('ada\ufffd\ufffdx-admin: true');
});
