/** Options of keys that are fetched: what a configuration may say of them, and what it comes to. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { ALGORITHMS, type JwtPolicy } from '../../lambda/config/types.ts';
import { parsedFile, problemsOf } from './parsing.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
const ISSUER = 'https://id.example';
const JWKS = `${ISSUER}/jwks`;
const remote = (options: object) => ({ issuer: ISSUER, audience: 'a', ...options });
const problems = (jwt: object) => problemsOf({ jwt });
const parsed = (jwt: object): JwtPolicy => {
  const [policy] = parsedFile({ jwt }).policies;
  if (policy === undefined) throw new Error('no policy');
  return policy;
};
const PUBLIC_KEY_ALGORITHMS = ALGORITHMS.filter((algorithm) => !algorithm.startsWith('HS'));

describe('exactly one key source', () => {
  const SOURCES = [
    { secretOrPublicKey: 'x' },
    { secret: 'generate' },
    { secretArn: ARN },
    { parameterName: '/key' },
    { jwksUri: JWKS },
    { discovery: true },
    { credentialKey: true },
  ];
  test.each(SOURCES.flatMap((one, i) => SOURCES.slice(i + 1).map((other) => [one, other])))(
    '%j beside %j is one too many',
    (one, other) => {
      const policy = remote({ algorithms: ['RS256'], anyAudience: undefined, ...one, ...other });
      expect(problems(policy)).toContain('key_source_ambiguous at jwt');
    },
  );
});

describe('the address of a key set', () => {
  const SUFFICIENT = [
    'https://id.example',
    'https://id.example/.well-known/jwks.json',
    'https://id.example:8443/jwks',
    'https://192.0.2.1/jwks',
    'http://127.0.0.1:8080/jwks',
    'http://[::1]:8080/jwks',
    'http://localhost:8080/jwks',
  ];
  const INSUFFICIENT = [
    'http://id.example/jwks',
    'http://192.0.2.1/jwks',
    'http://localhost.example/jwks',
    'http://127.0.0.1.example/jwks',
    'http://0.0.0.0/jwks',
    'ftp://127.0.0.1/jwks',
    'ftp://id.example/jwks',
    'file:///jwks.json',
    'data:application/json,{"keys":[]}',
    'https://ann@id.example/jwks',
    'https://ann:password@id.example/jwks',
    'https://:password@id.example/jwks',
    'http://127.0.0.1@id.example/jwks',
    'https://id.example/jwks#a',
    'https://id.example/jwks#',
    'id.example/jwks',
    '//id.example/jwks',
    '/jwks',
    'https://',
    'https:// id.example',
    ' https://id.example/jwks',
    'https://id.example/jwks\n',
    'htt\tps://id.example/jwks',
  ];
  test.each(SUFFICIENT)('%s', (address) => {
    expect(parsed(remote({ jwksUri: address })).keySource).toEqual({
      kind: 'jwksUri',
      uri: address,
      wantsSnapshot: false,
    });
    expect(parsed(remote({ discovery: true, issuer: address })).keySource).toEqual({
      kind: 'discovery',
      issuer: address,
      wantsSnapshot: false,
    });
  });
  test.each(INSUFFICIENT)('is not %s', (address) => {
    expect(problems(remote({ jwksUri: address }))).toEqual(['value_invalid at jwt.jwksUri']);
    expect(problems(remote({ discovery: true, issuer: address }))).toEqual(['value_invalid at jwt.issuer']);
  });
  test.each(['', 7, null, [JWKS]])('is not %j', (jwksUri) => {
    expect(problems(remote({ jwksUri }))).toEqual(['value_invalid at jwt.jwksUri']);
  });
  test('may have a query, which an issuer may not', () => {
    const address = 'https://id.example/keys?p=policy';
    expect(problems(remote({ jwksUri: address }))).toEqual([]);
    expect(problems(remote({ discovery: true, issuer: address }))).toEqual(['value_invalid at jwt.issuer']);
  });
  test('with a password is not told', () => {
    const parsedFaulty = parseConfig({ jwt: remote({ jwksUri: 'https://ann:s3cret@id.example' }) });
    const report = parsedFaulty.ok ? '' : formatProblems('authorizer.config.yml', parsedFaulty.problems);
    expect(report).toContain('jwt.jwksUri');
    expect(report).not.toContain('s3cret');
  });
  test('is not asked of an issuer that is only compared', () => {
    expect(problems(remote({ jwksUri: JWKS, issuer: 'accounts' }))).toEqual([]);
  });
});

describe.each([{ jwksUri: JWKS }, { discovery: true }])('a key set by %j', (source) => {
  test('does all that public keys can, unless it is told less', () => {
    expect(parsed(remote(source)).algorithms).toEqual(PUBLIC_KEY_ALGORITHMS);
    expect(parsed(remote({ ...source, algorithms: ['ES256', 'RS256'] })).algorithms).toEqual([
      'ES256',
      'RS256',
    ]);
  });
  test.each([[['HS256']], [['RS256', 'HS512']], [['HS256', 'HS384', 'HS512']]])(
    'holds no secrets: not %j',
    (algorithms) => {
      expect(problems(remote({ ...source, algorithms }))).toEqual([
        'algorithm_key_mismatch at jwt.algorithms',
      ]);
    },
  );
  test('says all that is wrong at once', () => {
    const faulty = { ...source, jwksUri: source.jwksUri && 'http://id.example', issuer: 'x' };
    expect(problems({ ...faulty, algorithms: ['HS256'] })).toEqual([
      'audience_required at jwt.audience',
      `value_invalid at jwt.${source.jwksUri ? 'jwksUri' : 'issuer'}`,
      'algorithm_key_mismatch at jwt.algorithms',
    ]);
  });
  test('takes anyAudience in the place of an audience, not beside it', () => {
    expect(parsed(remote({ ...source, audience: undefined, anyAudience: true })).audience).toEqual([]);
    expect(problems(remote({ ...source, anyAudience: true }))).toEqual(['option_unused at jwt.anyAudience']);
  });
  test('takes no options of secrets', () => {
    expect(problems(remote({ ...source, previousSecretSeconds: 60, secretJsonField: 'key' }))).toEqual([
      'option_unused at jwt.secretJsonField',
      'option_unused at jwt.previousSecretSeconds',
    ]);
  });
});

describe('a snapshot', () => {
  const source = (jwksSnapshot: unknown) => remote({ jwksUri: JWKS, jwksSnapshot });
  const keys = [{ kty: 'RSA', kid: 'a', n: 'AQ', e: 'AQAB' }];

  test('is wished for, or not', () => {
    expect(parsed(source(true)).keySource).toEqual({ kind: 'jwksUri', uri: JWKS, wantsSnapshot: true });
    expect(parsed(source(false)).keySource).toMatchObject({ wantsSnapshot: false });
  });
  test('is there in what the function gets', () => {
    expect(parsed(source({ fetchedAt: '2026-01-02T03:04:05.678Z', keys })).keySource).toEqual({
      kind: 'jwksUri',
      uri: JWKS,
      wantsSnapshot: true,
      snapshot: { fetchedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678), keySet: { keys } },
    });
  });
  test.each([
    'true',
    1,
    null,
    [],
    {},
    { keys },
    { fetchedAt: '2026-01-02T03:04:05Z' },
    { fetchedAt: 'yesterday', keys },
    { fetchedAt: 1_800_000_000_000, keys },
    { fetchedAt: '2026-01-02T03:04:05Z', keys: {} },
    { fetchedAt: '2026-01-02T03:04:05Z', keys, more: 1 },
    { fetchedAt: '2026-01-02T03:04:05Z', keys: Array(101).fill(keys[0]) },
  ])('is not %j', (jwksSnapshot) => {
    const found = problems(source(jwksSnapshot));
    expect(found).not.toEqual([]);
    expect(found.filter((problem) => !problem.includes(' at jwt.jwksSnapshot'))).toEqual([]);
  });
  test.each([{ secret: 'generate' }, { secretArn: ARN, algorithms: ['HS256'] }, { credentialKey: true }])(
    'goes with no %j',
    (other) => {
      expect(problems({ ...other, jwksSnapshot: true })).toEqual(['option_unused at jwt.jwksSnapshot']);
      expect(problems({ ...other, jwksSnapshot: false })).toEqual([]);
    },
  );
});

describe('the name of a parameter', () => {
  const parameter = (parameterName: unknown) => ({ parameterName, algorithms: ['HS256'] });
  test.each(['key', '/key', '/orders/jwt.key_1-a', 'a'.repeat(1011)])('%s', (name) => {
    expect(parsed(parameter(name)).keySource).toEqual({ kind: 'parameter', name, previousKeySeconds: 0 });
  });
  test.each([
    '',
    'a'.repeat(1012),
    '/key:3',
    '/key:label',
    '/key*',
    '/key ',
    '/kéy',
    'arn:aws:ssm:eu-central-1:123456789012:parameter/key',
    7,
    null,
    ['/key'],
  ])('is not %j', (name) => {
    expect(problems(parameter(name))).toEqual(['value_invalid at jwt.parameterName']);
  });
  test('needs algorithms, of one kind', () => {
    expect(problems({ parameterName: '/key' })).toEqual(['algorithms_required at jwt.algorithms']);
    expect(problems({ parameterName: '/key', algorithms: ['HS256', 'RS256'] })).toEqual([
      'algorithm_key_mismatch at jwt.algorithms',
    ]);
  });
});

describe('the seconds of a previous secret', () => {
  const YEAR = 31_622_400;
  test.each([
    [{ secret: 'generate' }, 86_400],
    [{ secretArn: ARN, algorithms: ['HS256'] }, 86_400],
    // A parameter has versions, but none of them says that it was meant to stay valid.
    [{ parameterName: '/key', algorithms: ['HS256'] }, 0],
  ])('%j: %d, unless it is told otherwise', (source, seconds) => {
    expect(parsed(source).keySource).toMatchObject({ previousKeySeconds: seconds });
    for (const previousSecretSeconds of [0, 1, YEAR])
      expect(parsed({ ...source, previousSecretSeconds }).keySource).toMatchObject({
        previousKeySeconds: previousSecretSeconds,
      });
    for (const previousSecretSeconds of [-1, 0.5, YEAR + 1, '60', null])
      expect(problems({ ...source, previousSecretSeconds })).toEqual([
        'value_invalid at jwt.previousSecretSeconds',
      ]);
  });
  test.each([{ credentialKey: true }, { secretOrPublicKey: 'x7'.repeat(32) }])('go with no %j', (source) => {
    expect(problems({ ...source, previousSecretSeconds: 60 })).toEqual([
      'option_unused at jwt.previousSecretSeconds',
    ]);
  });
});

describe('a key of each credential', () => {
  test('does every algorithm, unless it is told less', () => {
    expect(parsed({ credentialKey: true })).toMatchObject({
      keySource: { kind: 'credential' },
      algorithms: ALGORITHMS,
      checkCredentialExistence: true,
    });
    expect(parsed({ credentialKey: true, algorithms: ['HS256', 'ES256'] }).algorithms).toEqual([
      'HS256',
      'ES256',
    ]);
  });
  test('needs no issuer and no audience, and knows no other clients', () => {
    expect(problems({ credentialKey: true })).toEqual([]);
    expect(problems({ credentialKey: true, anyAudience: true })).toEqual([
      'option_unused at jwt.anyAudience',
    ]);
  });
});
