import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../bin/local/resource-router.ts';
import { resourcesOf } from '../../lambda/config/resources.ts';
import { isCanonicalPath, matchesPath, templateOf } from '../../lambda/config/route-template.ts';

const route = createRouter([
  '/',
  '/{proxy+}',
  '/orders',
  '/orders/{id}',
  '/orders/{id}/lines',
  '/orders/latest',
  '/files/{path+}',
]);

describe('createRouter', () => {
  it.each([
    ['/', '/', {}],
    ['/orders', '/orders', {}],
    ['/orders/', '/orders', {}],
    ['/orders/7', '/orders/{id}', { id: '7' }],
    ['/orders/7/', '/orders/{id}', { id: '7' }],
    ['/orders/latest', '/orders/latest', {}],
    ['/orders/latest/lines', '/orders/{id}/lines', { id: 'latest' }],
    ['/orders/7/lines', '/orders/{id}/lines', { id: '7' }],
    ['/orders/7/other', '/{proxy+}', { proxy: 'orders/7/other' }],
    ['/orders/latest/other', '/{proxy+}', { proxy: 'orders/latest/other' }],
    ['/files/a/b', '/files/{path+}', { path: 'a/b' }],
    ['/files', '/{proxy+}', { proxy: 'files' }],
    ['/Orders', '/{proxy+}', { proxy: 'Orders' }],
    ['/%6frders', '/{proxy+}', { proxy: 'orders' }],
    ['/orders/a%20b', '/orders/{id}', { id: 'a b' }],
    ['/orders/a%2Fb', '/orders/{id}', { id: 'a/b' }],
    ['/orders/%zz', '/orders/{id}', { id: '%zz' }],
    ['/files/../orders', '/files/{path+}', { path: '../orders' }],
    ['//', '/{proxy+}', { proxy: '' }],
    ['/orders//', '/{proxy+}', { proxy: 'orders/' }],
    ['//orders', '/{proxy+}', { proxy: '/orders' }],
  ])('%s goes to %s', (path, resource, pathParameters) => {
    expect(route(path)).toEqual({ resource, pathParameters });
  });

  it('finds nothing where no resource takes the path', () => {
    const narrow = createRouter(['/', '/orders/{id}']);
    expect(narrow('/orders')).toBeUndefined();
    expect(narrow('/orders/1/lines')).toBeUndefined();
    expect(narrow('/orders//')).toBeUndefined();
    expect(narrow('/__proto__')).toBeUndefined();
  });

  it('sends a path only to a resource whose template it matches, and always somewhere', () => {
    const segment = fc.constantFrom('a', 'b', '{x}', '{y}');
    const template = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
      .map(([segments, greedy]) => `/${[...segments, ...(greedy ? ['{p+}'] : [])].join('/')}`);
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c', '%41'), { maxLength: 5 })
      .map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.array(template, { maxLength: 4 }), path, (templates, raw) => {
        const resources = resourcesOf(templates.map((paths) => ({ paths: [paths], scopes: [] })));
        const found = createRouter(resources)(raw);
        if (isCanonicalPath(raw)) expect(found && matchesPath(templateOf(found.resource), raw)).toBe(true);
        expect(resources).toContain(found?.resource);
      }),
      { numRuns: 1_000 },
    );
  });
});
