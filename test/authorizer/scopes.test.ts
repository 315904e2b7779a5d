import { describe, expect, test } from 'vitest';
import { effectiveScopes } from '../../lambda/authorizer/scopes.ts';
import { policyOf } from './fixtures.ts';

const scopesOf = (claims: object, scopeClaim?: readonly string[], credential?: readonly string[]) =>
  effectiveScopes({ ...claims }, policyOf(scopeClaim && { scopeClaim }), credential);

test('without scopeClaim the token is not looked at', () => {
  expect(scopesOf({ scope: 'a b' })).toEqual([]);
  expect(scopesOf({ scope: 'a b' }, undefined, ['c'])).toEqual(['c']);
});

describe('scopeClaim', () => {
  test.each<[object, readonly string[], readonly string[]]>([
    [{ scope: 'a b' }, ['scope'], ['a', 'b']],
    [{ scope: ' a  b ' }, ['scope'], ['a', 'b']],
    [{ scope: '' }, ['scope'], []],
    [{ scp: ['a', 'b'] }, ['scp'], ['a', 'b']],
    [{ scp: ['a', 7, null, ['b']] }, ['scp'], ['a']],
    [{ 'https://x.example/scope': 'a' }, ['https://x.example/scope'], ['a']],
    [{ 'a.b': 'x', a: { b: 'y' } }, ['a.b'], ['x']],
    [{ 'a.b': 'x', a: { b: 'y' } }, ['a', 'b'], ['y']],
    [{ realm_access: { roles: ['a'] } }, ['realm_access', 'roles'], ['a']],
    [{ a: 'text' }, ['a', 'length'], []],
    [{ a: ['x'] }, ['a', '0'], []],
    [{ a: null }, ['a', 'b'], []],
    [{ scope: 7 }, ['scope'], []],
    [{ scope: { a: true } }, ['scope'], []],
    [{}, ['scope'], []],
    [{}, ['constructor', 'name'], []],
    [{}, ['__proto__'], []],
  ])('%j at %j: %j', (claims, path, expected) => {
    expect(scopesOf(claims, path)).toEqual(expected);
  });

  test('with a credential, only what both hold counts', () => {
    expect(scopesOf({ scope: 'a b' }, ['scope'], ['b', 'c'])).toEqual(['b']);
    expect(scopesOf({}, ['scope'], ['b', 'c'])).toEqual([]);
    expect(scopesOf({ scope: 'a b' }, ['scope'], [])).toEqual([]);
  });

  test.each([
    ['two in one', ['orders:read orders:write']],
    ['with a line break', ['a\nb', 'a\r\nx-authorizer-username: eve']],
    ['with a quote', ['a"b']],
    ['empty', ['']],
  ])('an entry that is no scope (%s) is none: the API would read it as another', (_, scp) => {
    expect(scopesOf({ scp }, ['scp'])).toEqual([]);
  });

  test('a tab does not separate scopes', () => {
    expect(scopesOf({ scope: 'a\tb c' }, ['scope'])).toEqual(['c']);
  });
});
