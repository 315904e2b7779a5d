import { describe, expect, test } from 'vitest';
import { explain, keyedProperties } from '../../lambda/config/keyed-properties.ts';
import { type IdentitySource, type Keying, keyedOf } from '../../lambda/config/keying.ts';
import { configOf } from '../authorizer/fixtures.ts';

const HEADER: IdentitySource = { in: 'header', name: 'Authorization' };
const QUERY: IdentitySource = { in: 'query', name: 'token' };
const ROUTE: readonly IdentitySource[] = [
  { in: 'context', name: 'resourcePath' },
  { in: 'context', name: 'httpMethod' },
];
const keying = (type: Keying['type'], identitySources: readonly IdentitySource[], cacheSeconds = 300) => ({
  ...{ type, identitySources, cacheSeconds },
  reason: 'a test says so',
});

const SOURCES = 'method.request.header.Authorization,context.resourcePath,context.httpMethod';

test.each<[string, Keying, string | undefined]>([
  ['Token', keying('TOKEN', [HEADER]), 'method.request.header.Authorization'],
  ['Token', keying('TOKEN', [HEADER], 0), 'method.request.header.Authorization'],
  ['Request', keying('REQUEST', [QUERY]), 'method.request.querystring.token'],
  ['UncachedRequest', keying('REQUEST', [QUERY], 0), 'method.request.querystring.token'],
  ['Route', keying('REQUEST', [HEADER, ...ROUTE]), SOURCES],
  ['UncachedRoute', keying('REQUEST', [HEADER, ...ROUTE], 0), SOURCES],
  ['Uncached', keying('REQUEST', [], 0), undefined],
])('%s', (name, given, identitySource) => {
  expect(keyedProperties(given)).toEqual({
    name,
    type: given.type,
    ...(identitySource !== undefined && { identitySource }),
    authorizerResultTtlInSeconds: given.cacheSeconds,
  });
});

describe('an explanation', () => {
  test('says what answers are kept under, how long, and why', () => {
    const text = explain(keying('REQUEST', [HEADER, ...ROUTE]));
    for (const part of [...SOURCES.split(','), '300 s', 'a test says so']) expect(text).toContain(part);
  });

  test('says that nothing is kept', () => {
    expect(explain(keying('REQUEST', [], 0))).toMatch(/none; never cached/);
  });
});

test('what an attachment keeps of a configuration says how answers are kept, and holds no key', () => {
  const config = configOf([{ passThrough: true }, {}]);
  const kept = keyedOf(config);
  expect(kept).toEqual({
    policies: config.policies.map(({ tokenPlace, passThrough }) => ({ tokenPlace, passThrough })),
    routes: config.routes,
    authorizerCacheSeconds: 300,
  });
  expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
});
