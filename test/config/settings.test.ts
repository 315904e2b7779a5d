import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
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

describe('staleCredentialSeconds', () => {
  test('is off as 0 and unset', () => {
    for (const options of [{}, { staleCredentialSeconds: 0 }])
      expect(settings(options)).not.toHaveProperty('staleCredentialSeconds');
  });
  test('is more than credentials are remembered anyway, and a day at most', () => {
    expect(settings({ staleCredentialSeconds: 61 })).toMatchObject({ staleCredentialSeconds: 61 });
    expect(settings({ staleCredentialSeconds: 86_400 })).toMatchObject({ staleCredentialSeconds: 86_400 });
    expect(settings({ staleCredentialSeconds: 1, credentialCacheSeconds: 0 })).toMatchObject({
      staleCredentialSeconds: 1,
    });
    for (const value of [60, 1, 86_401, -1, 0.5, '600', null])
      expect(problems({ staleCredentialSeconds: value })).toEqual([
        'value_invalid at staleCredentialSeconds',
      ]);
    expect(problems({ staleCredentialSeconds: 600, credentialCacheSeconds: 600 })).toEqual([
      'value_invalid at staleCredentialSeconds',
    ]);
    expect(problems({ staleCredentialSeconds: 601, credentialCacheSeconds: 600 })).toEqual([]);
  });
  test('is nothing where credentials are remembered for longer, unless 0 turns it off', () => {
    expect(problems({ staleCredentialSeconds: 0, credentialCacheSeconds: 3600 })).toEqual([]);
    expect(problems({ staleCredentialSeconds: 3600, credentialCacheSeconds: 3600 })).toEqual([
      'value_invalid at staleCredentialSeconds',
    ]);
  });
  test.each([
    'staleCredentialsSeconds',
    'stalecredentialseconds',
    'staleCredentialSecond',
    'staleCredentialTtl',
    'staleSeconds',
  ])('%s is no spelling of it, and sets nothing', (name) => {
    expect(problems({ [name]: 600 })).toEqual([`unknown_key at ${name}`]);
  });
  test.each(['staleCredentialsSeconds', 'stalecredentialseconds', 'staleCredentialSecond'])(
    '%s is told what it is near to',
    (name) => {
      const parsed = parseConfig({ jwt: policy(), [name]: 600 });
      const messages = parsed.ok ? [] : parsed.problems.map(({ message }) => message);
      expect(messages).toEqual([expect.stringContaining('staleCredentialSeconds')]);
    },
  );
  test('is of the file, and no option of a policy', () => {
    expect(problemsOf({ jwt: policy({ staleCredentialSeconds: 600 }) })).toEqual([
      'unknown_key at jwt.staleCredentialSeconds',
    ]);
  });
});

test.each([
  ['onDenial', 'deny'],
  ['onDenial', null],
  ['expiryCondition', 'true'],
  ['expiryCondition', null],
])('%s: %j is refused', (option, value) => {
  expect(problems({ [option]: value })).toEqual([`value_invalid at ${option}`]);
});

describe('adminApi', () => {
  const controlled = { jwt: policy({ checkCredentialExistence: true }) };
  const ROLE = 'arn:aws:iam::111122223333:role/teams/ops+admin@x';
  const withPrincipal = (arn: unknown) => ({ ...controlled, adminApi: { allowedPrincipals: [arn] } });

  test('is not deployed unless it is asked for', () => {
    expect(settings({ ...controlled, adminApi: false })).not.toHaveProperty('adminApi');
    expect(settings(controlled)).not.toHaveProperty('adminApi');
    expect(problems({ adminApi: false })).toEqual([]);
  });
  test('true leaves it to the IAM policies of its account', () => {
    expect(settings({ ...controlled, adminApi: true }).adminApi).toEqual({ allowedPrincipals: [] });
  });
  test.each([
    ROLE,
    'arn:aws:iam::111122223333:user/ann',
    'arn:aws:iam::111122223333:root',
    'arn:aws-us-gov:iam::111122223333:role/ops',
    'arn:aws-cn:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef',
  ])('%s may be allowed', (arn) => {
    expect(settings(withPrincipal(arn)).adminApi).toEqual({ allowedPrincipals: [arn] });
  });
  test.each([
    '*',
    'arn:aws:iam::111122223333:role/*',
    'arn:aws:iam::111122223333:role/op?',
    'arn:aws:iam::*:root',
    'arn:aws:iam::11112222333:root',
    'arn:aws:iam::111122223333:group/ops',
    'arn:aws:iam::111122223333:role/',
    'arn:aws:sts::111122223333:assumed-role/ops/ann',
    '111122223333',
    `${ROLE}\n`,
    '',
    7,
  ])('%j is no principal', (arn) => {
    expect(problems(withPrincipal(arn))).toEqual(['value_invalid at adminApi.allowedPrincipals[0]']);
  });
  test.each([
    [{}, 'adminApi.allowedPrincipals'],
    [{ allowedPrincipals: [] }, 'adminApi.allowedPrincipals'],
    [{ allowedPrincipals: ROLE }, 'adminApi.allowedPrincipals'],
    [[ROLE], 'adminApi'],
    ['true', 'adminApi'],
    [null, 'adminApi'],
  ])('%j is refused', (adminApi, path) => {
    expect(problems({ ...controlled, adminApi })).toEqual([`value_invalid at ${path}`]);
  });
  test('an unknown setting is named', () => {
    const adminApi = { allowedPrincipals: [ROLE], allowedPrincipal: ROLE };
    expect(problems({ ...controlled, adminApi })).toEqual(['unknown_key at adminApi.allowedPrincipal']);
  });
  test('needs a policy that looks credentials up', () => {
    expect(problems({ adminApi: true })).toEqual(['option_unused at adminApi']);
    expect(problems({ jwt: [policy({ issuer: 'a' }), policy({ issuer: 'b' })], adminApi: true })).toEqual([
      'option_unused at adminApi',
    ]);
    const jwt = [policy({ issuer: 'a' }), { ...controlled.jwt, issuer: 'b' }];
    expect(problems({ jwt, adminApi: true })).toEqual([]);
    expect(problems({ jwt: policy({ tokenRevocation: true }), adminApi: true })).toEqual([]);
  });
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
    'https://:pw@orders.example.com',
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
  test.each(['allowMethods', 'allowHeaders', 'exposeHeaders'] as const)('%s: one, or a list', (option) => {
    const given = (names: string | string[]) =>
      settings({ cors: { allowOrigins: '*', [option]: names } }).cors?.[option];
    expect(given('X-A')).toEqual(['X-A']);
    expect(given(['GET', 'x-b'])).toEqual(['GET', 'x-b']);
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
