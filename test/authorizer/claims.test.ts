import { describe, expect, test } from 'vitest';
import { checkClaims } from '../../lambda/authorizer/claims.ts';
import { parseStrictObject } from '../../lambda/authorizer/strict-json.ts';
import type { Observe } from '../../lambda/authorizer/trace.ts';
import { normalizeTokenType } from '../../lambda/config/token-type.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { NOW_SECONDS as NOW } from '../support/tokens.ts';
import { policyOf } from './fixtures.ts';

const check = (claims: object, policy: Partial<JwtPolicy> = {}, header: object = {}) =>
  checkClaims(
    { header: { alg: 'HS256', ...header }, claims: { exp: NOW + 3600, ...claims } },
    policyOf(policy),
    { nowSeconds: NOW },
  )?.code ?? 'accepted';

type Row = [claims: object, policy: Partial<JwtPolicy>, expected: string];

describe('exp', () => {
  test.each<Row>([
    [{ exp: NOW + 1 }, {}, 'accepted'],
    [{ exp: NOW + 0.001 }, {}, 'accepted'],
    [{ exp: NOW }, {}, 'token_expired'],
    [{ exp: NOW - 0.001 }, {}, 'token_expired'],
    [{ exp: 0 }, {}, 'token_expired'],
    [{ exp: -1 }, {}, 'token_expired'],
    [{ exp: 1e300 }, {}, 'accepted'],
    [{ exp: NOW - 9.999 }, { clockToleranceSeconds: 10 }, 'accepted'],
    [{ exp: NOW - 10 }, { clockToleranceSeconds: 10 }, 'token_expired'],
    [{ exp: NOW }, { requireExp: false }, 'token_expired'],
  ])('%j under %j: %s', (claims, policy, expected) => {
    expect(check(claims, policy)).toBe(expected);
  });

  test('is required unless the policy says otherwise', () => {
    const without = (policy: Partial<JwtPolicy>) =>
      checkClaims({ header: {}, claims: {} }, policyOf(policy), { nowSeconds: NOW })?.code;
    expect(without({})).toBe('claim_missing');
    expect(without({ requireExp: false })).toBeUndefined();
  });
});

describe('nbf', () => {
  test.each<Row>([
    [{ nbf: NOW }, {}, 'accepted'],
    [{ nbf: NOW + 0.001 }, {}, 'token_not_yet_valid'],
    [{ nbf: NOW + 10 }, { clockToleranceSeconds: 10 }, 'accepted'],
    [{ nbf: NOW + 10.001 }, { clockToleranceSeconds: 10 }, 'token_not_yet_valid'],
  ])('%j under %j: %s', (claims, policy, expected) => {
    expect(check(claims, policy)).toBe(expected);
  });
});

describe('iat', () => {
  test.each<Row>([
    [{ iat: NOW + 60 }, {}, 'accepted'],
    [{ iat: NOW + 60.001 }, {}, 'token_not_yet_valid'],
    [{ iat: NOW + 60.001 }, { clockToleranceSeconds: 600 }, 'token_not_yet_valid'],
    [{ iat: 0 }, {}, 'accepted'],
    [{ iat: NOW - 100 }, { maxAgeSeconds: 100 }, 'accepted'],
    [{ iat: NOW - 100.001 }, { maxAgeSeconds: 100 }, 'token_too_old'],
    [{ iat: NOW - 100.001 }, { maxAgeSeconds: 100, clockToleranceSeconds: 600 }, 'token_too_old'],
    [{}, { maxAgeSeconds: 100 }, 'claim_missing'],
  ])('%j under %j: %s', (claims, policy, expected) => {
    expect(check(claims, policy)).toBe(expected);
  });
});

describe('types', () => {
  const wrong = [null, '1', String(NOW + 10), true, [NOW + 10], {}, []];

  test.each(['exp', 'nbf', 'iat'])('%s is a finite number', (name) => {
    for (const value of [...wrong, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(check({ [name]: value }, { requireExp: false })).toBe('token_malformed');
    }
  });

  test.each(['exp', 'nbf', 'iat'])('%s of another type is told before anything else', (name) => {
    expect(check({ [name]: '1' }, { tokenTypes: ['at+jwt'] })).toBe('token_malformed');
  });

  test('a number too large for one is not finite', () => {
    const claims = parseStrictObject(Buffer.from('{"exp":1e999}'));
    expect(check(claims ?? {})).toBe('token_malformed');
  });

  test.each(['sub', 'iss', 'jti'])('%s is a string', (name) => {
    for (const value of [null, 1, true, ['a'], { a: 1 }]) {
      expect(check({ [name]: value })).toBe('token_malformed');
    }
    expect(check({ [name]: '' })).toBe('accepted');
  });
});

describe('issuer', () => {
  test.each<Row>([
    [{ iss: 'a' }, { issuer: ['a'] }, 'accepted'],
    [{ iss: 'b' }, { issuer: ['a', 'b'] }, 'accepted'],
    [{ iss: 'c' }, { issuer: ['a', 'b'] }, 'issuer_mismatch'],
    [{ iss: 'A' }, { issuer: ['a'] }, 'issuer_mismatch'],
    [{ iss: 'a/' }, { issuer: ['a'] }, 'issuer_mismatch'],
    [{}, { issuer: ['a'] }, 'issuer_mismatch'],
    [{ iss: 'whoever' }, {}, 'accepted'],
  ])('%j under %j: %s', (claims, policy, expected) => {
    expect(check(claims, policy)).toBe(expected);
  });
});

describe('audience', () => {
  test.each<Row>([
    [{ aud: 'a' }, { audience: ['a'] }, 'accepted'],
    [{ aud: ['x', 'a'] }, { audience: ['a'] }, 'accepted'],
    [{ aud: ['x', 'b'] }, { audience: ['a', 'b'] }, 'accepted'],
    [{ aud: 'b' }, { audience: ['a'] }, 'audience_mismatch'],
    [{ aud: 'aa' }, { audience: ['a'] }, 'audience_mismatch'],
    [{ aud: [] }, { audience: ['a'] }, 'audience_mismatch'],
    [{ aud: [['a']] }, { audience: ['a'] }, 'audience_mismatch'],
    [{ aud: { 0: 'a' } }, { audience: ['a'] }, 'audience_mismatch'],
    [{ aud: 1 }, { audience: ['1'] }, 'audience_mismatch'],
    [{ aud: null }, { audience: ['null'] }, 'audience_mismatch'],
    [{}, { audience: ['undefined'] }, 'audience_mismatch'],
    [{ aud: { any: 'thing' } }, {}, 'accepted'],
  ])('%j under %j: %s', (claims, policy, expected) => {
    expect(check(claims, policy)).toBe(expected);
  });
});

describe('requiredClaims', () => {
  const named = (name: string, ...values: (string | number | boolean)[]): Partial<JwtPolicy> => ({
    requiredClaims: [{ name, ...(values.length > 0 && { values }) }],
  });

  test.each<Row>([
    [{ tenant: 'a' }, named('tenant'), 'accepted'],
    [{ tenant: null }, named('tenant'), 'accepted'],
    [{ tenant: false }, named('tenant'), 'accepted'],
    [{}, named('tenant'), 'claim_missing'],
    [{ Tenant: 'a' }, named('tenant'), 'claim_missing'],
    [{ tenant: 'a' }, named('tenant', 'a'), 'accepted'],
    [{ tenant: 'b' }, named('tenant', 'a', 'b'), 'accepted'],
    [{ tenant: 'c' }, named('tenant', 'a', 'b'), 'claim_mismatch'],
    [{ tenant: ['x', 'a'] }, named('tenant', 'a'), 'accepted'],
    [{ tenant: ['x'] }, named('tenant', 'a'), 'claim_mismatch'],
    [{ tenant: [] }, named('tenant', 'a'), 'claim_mismatch'],
    [{ tenant: [['a']] }, named('tenant', 'a'), 'claim_mismatch'],
    [{ tenant: 'ab' }, named('tenant', 'a'), 'claim_mismatch'],
    [{ level: 1 }, named('level', 1), 'accepted'],
    [{ level: '1' }, named('level', 1), 'claim_mismatch'],
    [{ level: 1 }, named('level', '1'), 'claim_mismatch'],
    [{ level: true }, named('level', 1), 'claim_mismatch'],
    [{ verified: true }, named('verified', true), 'accepted'],
    [{ verified: 'true' }, named('verified', true), 'claim_mismatch'],
    [{ verified: false }, named('verified', true), 'claim_mismatch'],
    [{ tenant: { a: 1 } }, named('tenant', 'a'), 'claim_mismatch'],
    [{ 'https://x.example/t': 1 }, named('https://x.example/t', 1), 'accepted'],
  ])('%j under %j: %s', (claims, policy, expected) => {
    expect(check(claims, policy)).toBe(expected);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    '%s is no claim of every token',
    (name) => {
      expect(check({}, named(name))).toBe('claim_missing');
    },
  );

  test.each(['constructor', '__proto__'])('%s can be a claim', (name) => {
    const claims = parseStrictObject(Buffer.from(`{"exp":${NOW + 1},"${name}":"a"}`)) ?? {};
    expect(
      checkClaims({ header: {}, claims }, policyOf(named(name, 'a')), { nowSeconds: NOW }),
    ).toBeUndefined();
  });

  test('all of them are required', () => {
    const policy = { requiredClaims: [{ name: 'a' }, { name: 'b', values: ['1'] }] };
    expect(check({ a: 1, b: '1' }, policy)).toBe('accepted');
    expect(check({ a: 1, b: '2' }, policy)).toBe('claim_mismatch');
    expect(check({ b: '1' }, policy)).toBe('claim_missing');
  });
});

describe('tokenTypes', () => {
  const policy = { tokenTypes: ['at+jwt'] };
  test.each([
    [{ typ: 'at+jwt' }, 'accepted'],
    [{ typ: 'AT+JWT' }, 'accepted'],
    [{ typ: 'application/at+jwt' }, 'accepted'],
    [{ typ: 'JWT' }, 'token_type_not_allowed'],
    [{ typ: 'at+jwt ' }, 'token_type_not_allowed'],
    [{ typ: ['at+jwt'] }, 'token_type_not_allowed'],
    [{}, 'token_type_not_allowed'],
  ])('header %j: %s', (header, expected) => {
    expect(check({}, policy, header)).toBe(expected);
  });

  // RFC 7515 §4.1.9: what has a slash of its own has nothing left out.
  test.each([
    ['example/part', 'example/part', 'accepted'],
    ['example/part', 'EXAMPLE/Part', 'accepted'],
    ['example/part', 'application/example/part', 'token_type_not_allowed'],
    ['example/part', 'part', 'token_type_not_allowed'],
    ['part', 'example/part', 'token_type_not_allowed'],
    ['part', 'application/part', 'accepted'],
    ['part', 'application/application/part', 'token_type_not_allowed'],
    ['application/', '', 'token_type_not_allowed'],
  ])('where %s is named, %s: %s', (named, typ, expected) => {
    expect(check({}, { tokenTypes: [normalizeTokenType(named)] }, { typ })).toBe(expected);
  });

  // What Unicode lowers to a letter of ASCII is not that letter: the sign of Kelvin, a dotted I.
  test.each([
    ['kb+jwt', 'KB+JWT', 'accepted'],
    ['kb+jwt', '\u212ab+jwt', 'token_type_not_allowed'],
    ['id+jwt', '\u0130d+jwt', 'token_type_not_allowed'],
    ['\u212ab+jwt', 'kb+jwt', 'token_type_not_allowed'],
  ])('where %j is named, %j: %s', (named, typ, expected) => {
    expect(check({}, { tokenTypes: [normalizeTokenType(named)] }, { typ })).toBe(expected);
  });

  test('any is accepted where none is named', () => {
    expect(check({}, {}, { typ: 7 })).toBe('accepted');
  });
});

describe('who listens is told of each check', () => {
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = { sub: 'ada', exp: NOW + 9, nbf: NOW - 9, iat: NOW - 8, iss: 'a', aud: 'b', tenant: 'c' };
  const policy = policyOf({
    ...{ tokenTypes: ['jwt'], clockToleranceSeconds: 7, maxAgeSeconds: 600, issuer: ['a'], audience: ['b'] },
    requiredClaims: [{ name: 'tenant', values: ['c'] }, { name: 'sub' }],
  });

  test('with what the policy wants and what the token has', () => {
    const told: unknown[] = [];
    const observe: Observe = (step) => {
      if (step.step === 'check' || step.step === 'required_claim')
        told.push([step.name, step.wanted, step.got, step.code]);
    };
    expect(checkClaims({ header, claims }, policy, { nowSeconds: NOW, observe })).toBeUndefined();
    expect(told).toEqual([
      ['types', undefined, undefined, undefined],
      ['typ', ['jwt'], 'JWT', undefined],
      ['exp', true, NOW + 9, undefined],
      ['nbf', 7, NOW - 9, undefined],
      ['iat', undefined, NOW - 8, undefined],
      ['age', 600, NOW - 8, undefined],
      ['iss', ['a'], 'a', undefined],
      ['aud', ['b'], 'b', undefined],
      ['tenant', ['c'], 'c', undefined],
      ['sub', undefined, 'ada', undefined],
    ]);
  });

  test('up to the one that denies; a member of every object is none of the token', () => {
    const told: unknown[] = [];
    const observe: Observe = (step) => told.push(step);
    const asking = policyOf({ requiredClaims: [{ name: 'constructor' }, { name: 'sub' }] });
    expect(checkClaims({ header, claims }, asking, { nowSeconds: NOW, observe })?.code).toBe('claim_missing');
    expect(told.at(-1)).toEqual({
      ...{ step: 'required_claim', name: 'constructor', wanted: undefined, got: undefined },
      code: 'claim_missing',
    });
  });
});
