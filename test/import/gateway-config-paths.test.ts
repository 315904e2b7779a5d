import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translatePath } from '../../bin/import/gateway-config/express-path.ts';
import { matchesPath, templateOf } from '../../lambda/config/route-template.ts';

describe('paths that have an equal', () => {
  test.each([
    ['/', ['/']],
    ['/orders', ['/orders']],
    ['/orders/', ['/orders']],
    ['/orders/?', ['/orders']],
    ['/v1.2/my_orders-x', ['/v1.2/my_orders-x']],
    ['/orders/:id', ['/orders/{id}']],
    ['/orders/:id/lines/:line', ['/orders/{id}/lines/{line}']],
    ['/orders/:id?', ['/orders', '/orders/{id}']],
    ['/o/:a?/x', ['/o/x', '/o/{a}/x']],
    ['/orders/*', ['/orders', '/orders/*']],
    ['/files/:path*', ['/files/*']],
    ['/files/:path*?', ['/files', '/files/*']],
    ['/:tenant/*', ['/{tenant}', '/{tenant}/*']],
    ['*', ['/', '/*']],
    ['/*', ['/', '/*']],
  ])('%s', (path, templates) => {
    expect(translatePath(path)).toEqual({ templates, isExact: true });
  });
});

describe('paths that become wider', () => {
  test.each([
    ['/orders/:id(\\d+)', ['/orders/{id}']],
    ['/orders/:id([0-9a-f]{24})', ['/orders/{id}']],
    ['/a/:kind(json|csv)', ['/a/{kind}']],
    ['/:from-:to', ['/{from-to}']],
    ['/report.:format?', ['/{format}']],
    ['/a/~me', ['/a/{segment}']],
    ['/api/v*', ['/api', '/api/*']],
    ['/x/*.json', ['/x', '/x/*']],
    ['/a/*/b', ['/a', '/a/*']],
    ['/a/b?c', ['/a', '/a/*']],
    ['/a/:id(.*)', ['/a', '/a/*']],
    ['/a/:id+', ['/a', '/a/*']],
    ['/a//b', ['/a', '/a/*']],
  ])('%s', (path, templates) => {
    expect(translatePath(path)).toEqual({ templates, isExact: false });
  });
});

describe('paths that only a rule for everything would hold for', () => {
  // Each of the last ones makes the slash before it optional.
  test.each([
    '/a*',
    '/a|b',
    '/a/(b|c)',
    '/(.*)',
    'orders',
    '/orders(/:id)?',
    '/x?',
    '/a/?b',
    '/a/:n?*',
    '/a/.:n?*',
    '/a/:n{0}*',
  ])('%s', (path) => {
    expect(translatePath(path)).toBeUndefined();
  });
});

test('whatever the path, its templates are of our grammar and hold for what a parameter may be', () => {
  const literal = fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/);
  const segment = fc.oneof(
    literal.map((text) => ({ path: text, value: text })),
    fc.tuple(literal, literal).map(([name, value]) => ({ path: `:${name.replaceAll('-', '_')}`, value })),
    fc.tuple(literal, literal, literal).map(([a, b, value]) => ({
      path: `${a}-:${b.replaceAll('-', '_')}`,
      value: `${a}-${value}`,
    })),
  );
  const rest = fc.option(fc.array(literal, { maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), rest, (segments, below) => {
      const path = `/${segments.map((each) => each.path).join('/')}${below ? '/*' : ''}`;
      const request = `/${[...segments.map((each) => each.value), ...(below ?? [])].join('/')}`;
      const templates = translatePath(path)?.templates ?? [];
      expect(templates.some((template) => matchesPath(templateOf(template), request))).toBe(true);
    }),
  );
});

test.each([
  ['parameters that never end', `/x${':aaaaaaaaaaaa'.repeat(2000)}(`],
  ['letters around them', `/${':a-b'.repeat(300)}(`],
  ['segments', '/a'.repeat(200_000)],
  ['optional segments', '/:a?'.repeat(200_000)],
])('a path of many %s is judged at once', (_, path) => {
  const start = performance.now();
  translatePath(path);
  translatePath(path.slice(0, 1990).concat('('));
  expect(performance.now() - start).toBeLessThan(1000);
});

test.each([
  [2000, false],
  [2001, true],
])('a path of %i characters is too long: %s', (length, isTooLong) => {
  expect(translatePath(`/${'a'.repeat(length - 1)}`) === undefined).toBe(isTooLong);
});

test('no text makes it fail', () => {
  const text = fc.stringMatching(/^\/?[a-c/:*?+(){}|.\\$[\]-]{0,12}$/);
  fc.assert(
    fc.property(text, (path) => {
      for (const template of translatePath(path)?.templates ?? []) templateOf(template);
    }),
    { numRuns: 2000 },
  );
});
