import { describe, expect, test } from 'vitest';
import { parsedFile, policy, problemsOf } from './parsing.ts';

const jwt = policy({ scopeClaim: 'scope' });
const routesOf = (...routes: object[]) => parsedFile({ jwt, routes }).routes;
const problems = (...routes: unknown[]) => problemsOf({ jwt, routes });

describe('a rule', () => {
  test('takes one or a list of each', () => {
    expect(routesOf({ paths: '/a', methods: 'get', scopes: 'x' })).toEqual([
      { paths: ['/a'], methods: ['GET'], scopes: ['x'] },
    ]);
    expect(routesOf({ paths: ['/a', '/b/*'], methods: ['POST', 'Delete'], scopes: ['x:y', 'z'] })).toEqual([
      { paths: ['/a', '/b/{proxy+}'], methods: ['POST', 'DELETE'], scopes: ['x:y', 'z'] },
    ]);
  });
  test('holds for every method unless it names some', () => {
    for (const methods of [undefined, '*', 'ANY', 'any', ['GET', '*']])
      expect(routesOf({ paths: '/a', ...(methods !== undefined && { methods }) })).toEqual([
        { paths: ['/a'], scopes: [] },
      ]);
  });
});

describe('faults', () => {
  test('a path that no ARN has room for', () => {
    const path = (length: number) => ({ paths: `/${'a/'.repeat(900)}`.slice(0, length - 1).concat('b') });
    expect(problems(path(1600))).toEqual([]);
    expect(problems(path(1601))).toEqual(['route_invalid at routes[0].paths[0]']);
  });
  test.each(['a', '', '/a/', '/a//b', '/../a', '/{proxy+}/a'])('the path %j', (path) => {
    expect(problems({ paths: ['/ok', path] }).at(0)).toMatch(/^(route|value)_invalid at routes\[0\]\.paths/);
  });
  test.each(['FETCH', 'GET,POST', '', 'GET '])('the method %j', (method) => {
    expect(problems({ paths: '/a', methods: [method] })).toEqual(['route_invalid at routes[0].methods']);
  });
  test.each(['a b', '', '"', '\\', 'é', 'a\n'])('the scope %j', (scope) => {
    expect(problems({ paths: '/a', scopes: [scope] })).toEqual(['route_invalid at routes[0].scopes']);
  });
  test.each([
    [{}, 'paths'],
    [{ paths: [] }, 'paths'],
    [{ paths: 7 }, 'paths'],
    [{ paths: '/a', methods: [] }, 'methods'],
    [{ paths: '/a', methods: null }, 'methods'],
    [{ paths: '/a', scopes: null }, 'scopes'],
  ])('%j', (route, option) => {
    expect(problems(route)).toEqual([`value_invalid at routes[0].${option}`]);
  });
  test.each([[null], ['/a'], [['/a']], [[]], [7]])('%j is no rule', (route) => {
    expect(problems(route)).toEqual(['value_invalid at routes[0]']);
  });
  test.each([null, {}, '/a'])('%j is no list of rules', (routes) => {
    expect(problemsOf({ jwt, routes })).toEqual(['value_invalid at routes']);
  });
  test('one rule does not hide those of another', () => {
    expect(
      problems({ paths: '/a', methdos: 'GET' }, { paths: 'b', scopes: 'a b' }, 7, {
        scopes: [7],
        methods: 'X',
      }),
    ).toEqual([
      'unknown_key at routes[0].methdos',
      'route_invalid at routes[1].paths[0]',
      'route_invalid at routes[1].scopes',
      'value_invalid at routes[2]',
      'value_invalid at routes[3].paths',
      'value_invalid at routes[3].scopes',
      'route_invalid at routes[3].methods',
    ]);
  });
});
