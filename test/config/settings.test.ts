import { describe, expect, test } from 'vitest';
import { parsedFile, policy, problemsOf } from './parsing.ts';

const settings = (options: object) => parsedFile({ jwt: policy(), ...options });
const problems = (options: object) => problemsOf({ jwt: policy(), ...options });

test('defaults are those of the documentation', () => {
  const { policies, routes, ...rest } = settings({});
  expect([policies.length, routes.length]).toEqual([1, 0]);
  expect(rest).toEqual({
    authorizerCacheSeconds: 300,
    credentialCacheSeconds: 60,
    expiryCondition: false,
    onDenial: 'unauthorized',
  });
});

test.each(['authorizerCacheSeconds', 'credentialCacheSeconds'])('%s from 0 to 3600', (option) => {
  expect(settings({ [option]: 0 })).toMatchObject({ [option]: 0 });
  expect(settings({ [option]: 3600 })).toMatchObject({ [option]: 3600 });
  for (const value of [3601, -1, 0.5, '300', null])
    expect(problems({ [option]: value })).toEqual([`value_invalid at ${option}`]);
});

test.each([
  ['onDenial', 'deny'],
  ['onDenial', null],
  ['expiryCondition', 'true'],
  ['expiryCondition', null],
])('%s: %j is refused', (option, value) => {
  expect(problems({ [option]: value })).toEqual([`value_invalid at ${option}`]);
});

test('what this version cannot do is refused, not ignored', () => {
  expect(problems({ restApi: { id: 'abc' }, adminApi: true })).toEqual([
    'not_supported_yet at restApi',
    'not_supported_yet at adminApi',
  ]);
  expect(problems({ adminApi: false })).toEqual([]);
});

describe('upstream', () => {
  test.each([
    ['https://orders.example.com', 'https://orders.example.com'],
    ['https://orders.example.com/', 'https://orders.example.com'],
    ['http://127.0.0.1:3000/base//', 'http://127.0.0.1:3000/base'],
    [' https://orders.example.com/a b', 'https://orders.example.com/a%20b'],
  ])('%j is %s', (upstream, origin) => {
    expect(settings({ upstream }).upstream).toBe(origin);
  });
  test.each([
    'orders.example.com',
    'localhost:3000',
    '//orders.example.com',
    'ftp://orders.example.com',
    'file:///etc/passwd',
    'https://ann:pw@orders.example.com',
    'https://ann@orders.example.com',
    'https://orders.example.com?x=1',
    'https://orders.example.com#x',
    'https://',
    '',
    7,
    null,
  ])('%j is refused', (upstream) => {
    expect(problems({ upstream })).toEqual(['value_invalid at upstream']);
  });
});

describe('cors', () => {
  test('true means any origin, without credentials', () => {
    expect(settings({ cors: true }).cors).toEqual({
      allowOrigins: ['*'],
      allowCredentials: false,
      allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      allowHeaders: ['authorization', 'content-type'],
      exposeHeaders: [],
    });
    expect(settings({ cors: false }).cors).toBeUndefined();
  });
  test('the headers that carry a token are allowed', () => {
    const jwt = [
      policy({ jwtExtractor: 'header', jwtExtractorField: 'X-Token' }),
      policy({ issuer: 'x' }),
      policy({ jwtExtractor: 'query', jwtExtractorField: 'token' }),
    ];
    expect(parsedFile({ jwt, cors: true }).cors?.allowHeaders).toEqual([
      'x-token',
      'authorization',
      'content-type',
    ]);
  });
  test('credentials go with named origins only', () => {
    const allowOrigins = ['https://app.example.com', 'http://localhost:3000'];
    expect(
      settings({ cors: { allowOrigins, allowCredentials: true, maxAgeSeconds: 86_400 } }).cors,
    ).toMatchObject({
      allowOrigins,
      allowCredentials: true,
      maxAgeSeconds: 86_400,
    });
    expect(problems({ cors: { allowOrigins: '*', allowCredentials: true } })).toEqual([
      'value_invalid at cors.allowOrigins',
    ]);
  });
  test.each([
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://*.example.com',
    'HTTPS://app.example.com',
    'null',
    'data:,',
  ])('%j is no origin', (origin) => {
    expect(problems({ cors: { allowOrigins: origin } })).toEqual(['value_invalid at cors.allowOrigins']);
  });
  test.each(['allowMethods', 'allowHeaders', 'exposeHeaders'])('%s are names', (option) => {
    for (const name of ['a b', 'a,b', 'a\r\nset-cookie: x', 'é'])
      expect(problems({ cors: { allowOrigins: '*', [option]: [name] } })).toEqual([
        `value_invalid at cors.${option}`,
      ]);
  });
  test.each([
    [{}, 'cors.allowOrigins'],
    [{ allowOrigins: [] }, 'cors.allowOrigins'],
    [{ allowOrigins: '*', maxAgeSeconds: 86_401 }, 'cors.maxAgeSeconds'],
    [null, 'cors'],
    ['*', 'cors'],
  ])('%j is refused', (cors, path) => {
    expect(problems({ cors })).toEqual([`value_invalid at ${path}`]);
  });
  test('an unknown setting does not hide another fault', () => {
    expect(problems({ cors: { allowOrigins: 'x', allowOrigin: '*' } })).toEqual([
      'unknown_key at cors.allowOrigin',
      'value_invalid at cors.allowOrigins',
    ]);
  });
});
