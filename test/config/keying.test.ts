import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowsAnonymous,
  type Keying,
  keyingOf,
  keyingsOf,
  needsPathGuard,
  tokenPlacesOf,
} from '../../lambda/config/keying.ts';
import { resourcesOf } from '../../lambda/config/resources.ts';
import { relationOf, templateOf } from '../../lambda/config/route-template.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { parsedFile, policy } from './parsing.ts';
import { templatePath } from './templates.ts';

const CONTEXT = [
  { in: 'context', name: 'resourcePath' },
  { in: 'context', name: 'httpMethod' },
];
const UNCACHED = { type: 'REQUEST', identitySources: [], cacheSeconds: 0 };
const AUTHORIZATION = { in: 'header', name: 'Authorization' };

const place = (jwtExtractor: string, jwtExtractorField: string) => ({ jwtExtractor, jwtExtractorField });
const file = (jwt: readonly object[], paths: readonly string[] = [], more: object = {}) =>
  parsedFile({
    jwt: jwt.map((options) => policy({ scopeClaim: 'scope', ...options })),
    ...(paths.length > 0 && { routes: [{ paths, scopes: 'x' }] }),
    ...more,
  });
const keying = (config: AuthorizerConfig, resource = '/orders'): Omit<Keying, 'reason'> => {
  const { reason, ...rest } = keyingOf(config, resource);
  expect(reason).not.toBe('');
  return rest;
};

describe('no scoped routes, one token place in a header: TOKEN', () => {
  test.each([
    ['authBearer', {}, AUTHORIZATION],
    ['authScheme', place('authScheme', 'JWT'), AUTHORIZATION],
    ['header', place('header', 'X-Token'), { in: 'header', name: 'X-Token' }],
  ])('%s', (_, options, source) => {
    expect(keying(file([options]))).toEqual({ type: 'TOKEN', identitySources: [source], cacheSeconds: 300 });
  });
  test('several policies with the same place, in whatever case and scheme', () => {
    const config = file([{}, place('authScheme', 'JWT'), place('header', 'AUTHORIZATION')]);
    expect(keying(config)).toEqual({ type: 'TOKEN', identitySources: [AUTHORIZATION], cacheSeconds: 300 });
  });
  test('rules without scopes are none', () => {
    const config = file([{}], [], { routes: [{ paths: ['/orders', '/files/*'] }] });
    for (const resource of ['/', '/orders', '/{proxy+}']) expect(keying(config, resource).type).toBe('TOKEN');
  });
});

describe('no scoped routes, query or cookie: REQUEST', () => {
  test.each([
    [place('query', 'Token'), { in: 'query', name: 'Token' }],
    [place('cookie', 'token'), { in: 'header', name: 'Cookie' }],
  ])('%j', (options, source) => {
    expect(keying(file([options]))).toEqual({
      type: 'REQUEST',
      identitySources: [source],
      cacheSeconds: 300,
    });
  });
  test('two cookies stand in one header', () => {
    expect(keying(file([place('cookie', 'a'), place('cookie', 'b')])).identitySources).toEqual([
      { in: 'header', name: 'Cookie' },
    ]);
  });
  test('a TOKEN event has no cookies', () => {
    expect(keying(file([place('header', 'cookie'), place('cookie', 'a')])).type).toBe('REQUEST');
  });
});

describe('scoped routes: REQUEST by place, resource and method', () => {
  test.each([
    [{}, AUTHORIZATION],
    [place('header', 'X-Token'), { in: 'header', name: 'X-Token' }],
    [place('query', 'token'), { in: 'query', name: 'token' }],
    [place('cookie', 'token'), { in: 'header', name: 'Cookie' }],
  ])('%j', (options, source) => {
    const config = file([options], ['/orders/{id}']);
    for (const resource of ['/', '/orders', '/orders/{x}', '/other'])
      expect(keying(config, resource)).toEqual({
        type: 'REQUEST',
        identitySources: [source, ...CONTEXT],
        cacheSeconds: 300,
      });
  });
  test('a rule that holds for all of a greedy resource needs no path', () => {
    expect(keying(file([{}], ['/files/*']), '/files/{proxy+}').cacheSeconds).toBe(300);
    expect(keying(file([{}], ['/*']), '/{proxy+}').cacheSeconds).toBe(300);
  });
});

describe('nothing is cached', () => {
  test.each([
    ['a rule inside a greedy resource', file([{}], ['/orders/{id}']), '/{proxy+}'],
    ['a literal inside a parameter', file([{}], ['/orders/open']), '/orders/{id}'],
    ['several places', file([{}, place('query', 'token')]), '/orders'],
    ['two headers', file([{}, place('header', 'X-Token')]), '/orders'],
    ['two parameters that differ in case', file([place('query', 'a'), place('query', 'A')]), '/orders'],
    ['passThrough', file([{ passThrough: true }]), '/orders'],
    ['passThrough and scopes', file([{ passThrough: true }], ['/orders']), '/orders'],
  ])('%s', (_, config, resource) => {
    expect(keying(config, resource)).toEqual(UNCACHED);
  });
  test('passThrough of one policy of two makes nobody anonymous', () => {
    const config = file([{ passThrough: true }, {}]);
    expect(allowsAnonymous(config)).toBe(false);
    expect(keying(config).type).toBe('TOKEN');
  });
  test('not because of a rule inside that asks for no scope', () => {
    const routes = [
      { paths: ['/{proxy+}'], scopes: 'x' },
      { paths: ['/orders/open'], scopes: [] },
    ];
    const config = parsedFile({ jwt: policy({ scopeClaim: 'scope' }), routes });
    expect(keying(config, '/{proxy+}')).toMatchObject({ cacheSeconds: 300, identitySources: [{}, {}, {}] });
  });
  test('a cache time of 0 keeps the identity sources', () => {
    expect(keying(file([{}], [], { authorizerCacheSeconds: 0 }))).toEqual({
      type: 'TOKEN',
      identitySources: [AUTHORIZATION],
      cacheSeconds: 0,
    });
  });
});

describe('for every configuration', () => {
  const anyPlace = fc.constantFrom(
    {},
    place('authScheme', 'JWT'),
    place('header', 'X-Token'),
    place('header', 'cookie'),
    place('query', 'token'),
    place('cookie', 'a'),
    place('cookie', 'b'),
  );
  const anyPolicy = fc
    .tuple(anyPlace, fc.boolean())
    .map(([where, passThrough]) => ({ ...where, passThrough }));
  const anyRoute = fc.record({
    paths: fc.array(templatePath, { minLength: 1, maxLength: 2 }),
    methods: fc.constantFrom(['GET'], ['POST', 'PUT'], ['*']),
    scopes: fc.constantFrom([], ['x'], ['x', 'y']),
  });
  const anyConfig = fc
    .record({
      policies: fc.array(anyPolicy, { minLength: 1, maxLength: 3 }),
      routes: fc.array(anyRoute, { maxLength: 4 }),
    })
    .map(({ policies, routes }) => file(policies, [], { routes }));
  const anyResources = fc.array(templatePath, { minLength: 1, maxLength: 8 });

  test('more than one place or anonymous callers: nothing is cached', () => {
    fc.assert(
      fc.property(anyConfig, templatePath, (config, resource) => {
        const isUnkeyable = tokenPlacesOf(config).length > 1 || allowsAnonymous(config);
        if (isUnkeyable) expect(keying(config, resource)).toEqual(UNCACHED);
      }),
    );
  });
  test('everything that the decision reads is an identity source, or nothing is cached', () => {
    fc.assert(
      fc.property(anyConfig, templatePath, (config, resource) => {
        const { identitySources, cacheSeconds, type } = keyingOf(config, resource);
        if (cacheSeconds === 0) return;
        expect(identitySources).toHaveLength(type === 'TOKEN' ? 1 : identitySources.length);
        const relations = config.routes
          .filter(({ scopes }) => scopes.length > 0)
          .flatMap(({ paths }) => paths)
          .map((path) => relationOf(templateOf(path), templateOf(resource)));
        expect(relations).not.toContain('partial');
        if (relations.length > 0) expect(identitySources.slice(1)).toEqual(CONTEXT);
        for (const { tokenPlace } of config.policies)
          expect(identitySources[0]).toMatchObject({ in: tokenPlace.in === 'query' ? 'query' : 'header' });
      }),
      { numRuns: 500 },
    );
  });
  test('no identity sources exactly where nothing may be cached', () => {
    fc.assert(
      fc.property(anyConfig, templatePath, (config, resource) => {
        const { identitySources, cacheSeconds } = keyingOf(config, resource);
        expect(identitySources.length === 0).toBe(cacheSeconds === 0);
      }),
    );
  });
  test('an API needs two authorizers at most, and each resource has one, keyed as it must be', () => {
    fc.assert(
      fc.property(anyConfig, anyResources, (config, extra) => {
        const resources = [...new Set([...resourcesOf(config.routes), ...extra])];
        const groups = keyingsOf(config, resources);
        expect(groups.length).toBeLessThanOrEqual(2);
        expect(groups.flatMap((group) => group.resources).sort()).toEqual([...resources].sort());
        for (const group of groups)
          for (const resource of group.resources) {
            const { reason: _, ...own } = keyingOf(config, resource);
            expect(group.keying).toMatchObject(own);
          }
      }),
      { numRuns: 500 },
    );
  });
});

test('a path must be guarded where scopes matter and a resource takes any path', () => {
  const { routes } = file([{}], ['/orders']);
  for (const resource of ['/', '/orders']) expect(needsPathGuard(routes, resource)).toBe(false);
  for (const resource of ['/{proxy+}', '/x/{rest+}']) expect(needsPathGuard(routes, resource)).toBe(true);
  expect(needsPathGuard([], '/{proxy+}')).toBe(false);
});
