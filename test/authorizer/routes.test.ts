import { describe, expect, test } from 'vitest';
import { EventMalformed, parseRequest } from '../../lambda/authorizer/request.ts';
import { authorize } from '../../lambda/authorizer/routes.ts';
import type { RouteRule } from '../../lambda/config/types.ts';
import { type RequestParts, requestOf, tokenEvent } from '../support/requests.ts';

const rule = (paths: string, scopes: string, methods?: string): RouteRule => ({
  paths: paths.split(' '),
  scopes: scopes.split(' ').filter((scope) => scope !== ''),
  ...(methods !== undefined && { methods: methods.split(' ') }),
});

const outcome = (rules: readonly RouteRule[], parts: RequestParts, scopes = ''): string =>
  authorize(requestOf(parts), rules, { scopes: scopes.split(' ') })?.code ?? 'allowed';

/** API Gateway sends none of these. A fault of ours would be told as one that nobody foresaw. */
test.each(['', 'orders', '/orders/', '//', '/{proxy+}/x', '/:id', '/a b'])(
  'the resource %j is no event of API Gateway',
  (resource) => {
    expect(() => outcome([rule('/a', 'x')], { resource })).toThrow(EventMalformed);
    expect(outcome([rule('/a', '')], { resource })).toBe('allowed');
  },
);

describe('a rule', () => {
  const rules = [rule('/orders /orders/{id}', 'orders:read', 'GET')];

  test.each([
    ['/orders', 'GET', 'scope_missing'],
    ['/orders/{id}', 'GET', 'scope_missing'],
    ['/orders/{any}', 'GET', 'scope_missing'],
    ['/orders', 'HEAD', 'scope_missing'],
    ['/orders', 'POST', 'allowed'],
    ['/orders', 'OPTIONS', 'allowed'],
    ['/orders/{id}/items', 'GET', 'allowed'],
    ['/', 'GET', 'allowed'],
    ['/Orders', 'GET', 'allowed'],
  ])('%s, method %s, without the scope: %s', (resource, method, expected) => {
    expect(outcome(rules, { resource, method })).toBe(expected);
    expect(outcome(rules, { resource, method }, 'orders:read')).toBe('allowed');
  });

  test('for HEAD does not hold for GET', () => {
    expect(outcome([rule('/a', 'x', 'HEAD')], { resource: '/a', method: 'GET' })).toBe('allowed');
    expect(outcome([rule('/a', 'x', 'HEAD')], { resource: '/a', method: 'HEAD' })).toBe('scope_missing');
  });

  test('without methods holds for every method', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PROPFIND']) {
      expect(outcome([rule('/a', 'x')], { resource: '/a', method })).toBe('scope_missing');
    }
  });

  test('needs all its scopes', () => {
    const both = [rule('/a', 'x y')];
    expect(outcome(both, { resource: '/a' }, 'x')).toBe('scope_missing');
    expect(outcome(both, { resource: '/a' }, 'y')).toBe('scope_missing');
    expect(outcome(both, { resource: '/a' }, 'y z x')).toBe('allowed');
  });

  test('compares scopes as they are', () => {
    expect(outcome([rule('/a', 'x')], { resource: '/a' }, 'X xx')).toBe('scope_missing');
  });

  test('without scopes asks for none', () => {
    expect(outcome([rule('/a', '')], { resource: '/a' })).toBe('allowed');
  });
});

test('every rule that matches must be satisfied', () => {
  const rules = [rule('/a/{id}', 'x'), rule('/a/*', 'y'), rule('/{all}/{id}', 'z', 'GET')];
  expect(outcome(rules, { resource: '/a/{id}', path: '/a/1' }, 'x y')).toBe('scope_missing');
  expect(outcome(rules, { resource: '/a/{id}', path: '/a/1' }, 'x z')).toBe('scope_missing');
  expect(outcome(rules, { resource: '/a/{id}', path: '/a/1' }, 'y z')).toBe('scope_missing');
  expect(outcome(rules, { resource: '/a/{id}', path: '/a/1' }, 'x y z')).toBe('allowed');
  expect(outcome(rules, { resource: '/a/{id}', path: '/a/1', method: 'PUT' }, 'x y')).toBe('allowed');
});

test('the resource decides, not the path', () => {
  const rules = [rule('/orders', 'x')];
  expect(outcome(rules, { resource: '/orders', path: '/base/orders' })).toBe('scope_missing');
  expect(outcome(rules, { resource: '/public', path: '/orders' })).toBe('allowed');
});

describe('inside a greedy resource', () => {
  const rules = [rule('/files/secret', 'x'), rule('/files/{owner}/keys', 'y')];
  const resource = '/files/{proxy+}';

  test.each([
    ['/files/secret', 'scope_missing'],
    ['/files/secret/', 'scope_missing'],
    ['/files/a/keys', 'scope_missing'],
    ['/files/other', 'allowed'],
    ['/files/secret/more', 'allowed'],
    ['/files/a%20b', 'allowed'],
  ])('the path %s: %s', (path, expected) => {
    expect(outcome(rules, { resource, path })).toBe(expected);
    expect(outcome(rules, { resource, path }, 'x y')).toBe('allowed');
  });

  test.each([
    '/files//secret',
    '/files/./secret',
    '/files/x/../secret',
    '/files/..',
    '/files/%73ecret',
    '/files/secre%74',
    '/files/a%2Fsecret',
    '/files/a%2fsecret',
    '/files/%2e%2e/x',
    '/files/a\\b',
    '/files/a%5cb',
    '/files/..;/x',
    '/files/%252e%252e/x',
    '/files/secret//',
    '/files/%zz',
    '/files/a%',
  ])('the path %s has more than one reading, whatever the scopes', (path) => {
    expect(outcome(rules, { resource, path }, 'x y')).toBe('path_not_canonical');
  });

  test('a path that is not the method ARN’s has more than one reading', () => {
    const request = requestOf({ resource, path: '/files/other' }, { path: '/base/files/other' });
    expect(authorize(request, rules, { scopes: ['x', 'y'] })?.code).toBe('path_not_canonical');
  });

  const readAs = (path: string, arnPath: string) => {
    const request = { ...requestOf({ resource, path: arnPath }), path };
    return authorize(request, rules, { scopes: ['x', 'y'] })?.code ?? 'allowed';
  };

  test('a slash at the end is one spelling of the path without it', () => {
    expect(readAs('/files/other', '/files/other/')).toBe('allowed');
    expect(readAs('/files/other/', '/files/other')).toBe('allowed');
  });

  test('two paths that differ in their last character are two', () => {
    expect(readAs('/files/a', '/files/b')).toBe('path_not_canonical');
    expect(readAs('/files/a', '/files/a1')).toBe('path_not_canonical');
    expect(readAs('/files/a/', '/files/b/')).toBe('path_not_canonical');
  });

  test('a path that is not there has no reading', () => {
    const request = requestOf({ resource, path: '/files/other' }, { path: undefined });
    expect(authorize(request, rules, { scopes: ['x', 'y'] })?.code).toBe('path_not_canonical');
  });

  test('a rule for all of it needs no path', () => {
    expect(outcome([rule('/files/*', 'x')], { resource, path: '/files//a' })).toBe('scope_missing');
    expect(outcome([rule('/files/*', 'x')], { resource, path: '/files//a' }, 'x')).toBe('allowed');
  });

  test('a rule for other methods asks for no path', () => {
    expect(outcome([rule('/files/secret', 'x', 'POST')], { resource, path: '/files//a' })).toBe('allowed');
  });
});

describe('inside a parameter', () => {
  const rules = [rule('/orders/mine', 'x')];

  test.each([
    ['/orders/mine', 'scope_missing'],
    ['/orders/1', 'allowed'],
    ['/orders/min%65', 'path_not_canonical'],
  ])('the path %s: %s', (path, expected) => {
    expect(outcome(rules, { resource: '/orders/{id}', path })).toBe(expected);
  });
});

test('a TOKEN event, which says no resource, cannot be decided where scopes are asked for', () => {
  const request = parseRequest(tokenEvent('Bearer t'));
  expect(() => authorize(request, [rule('/a', 'x')], { scopes: ['x'] })).toThrow(EventMalformed);
  expect(authorize(request, [rule('/a', '')], { scopes: [] })).toBeUndefined();
});
