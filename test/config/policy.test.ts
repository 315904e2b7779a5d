import { describe, expect, test } from 'vitest';
import { needsTable } from '../../lambda/config/modality.ts';
import { parsedPolicy, policyProblems, problemsOf, SECRET } from './parsing.ts';

describe('defaults', () => {
  test('are those of the documentation', () => {
    const { keySource, ...rest } = parsedPolicy({ checkCredentialExistence: undefined });
    expect(keySource.kind).toBe('inline');
    expect(rest).toEqual({
      index: 0,
      algorithms: ['HS256', 'HS384', 'HS512'],
      tokenPlace: { in: 'header', name: 'Authorization', scheme: 'Bearer' },
      allowShortSecret: false,
      audience: [],
      issuer: [],
      checkCredentialExistence: true,
      tokenRevocation: true,
      passThrough: false,
      requireExp: true,
      clockToleranceSeconds: 0,
      requiredClaims: [],
    });
  });
});

describe('tokenRevocation', () => {
  test.each([
    [{ checkCredentialExistence: true }, true],
    [{ checkCredentialExistence: false }, false],
    [{ checkCredentialExistence: false, tokenRevocation: false }, false],
    [{ checkCredentialExistence: false, tokenRevocation: true }, true],
  ])('%j: whether revocations are looked up: %s', (options, expected) => {
    const policy = parsedPolicy(options);
    expect([policy.tokenRevocation, needsTable({ policies: [policy] })]).toEqual([expected, expected]);
  });
});

describe('seconds', () => {
  test.each([
    ['clockToleranceSeconds', 3600],
    ['maxAgeSeconds', 316_224_000],
  ])('%s from 0 to %d', (option, most) => {
    expect(policyProblems({ [option]: 0 })).toEqual([]);
    expect(policyProblems({ [option]: most })).toEqual([]);
    for (const value of [-1, most + 1, 0.5, '60', true, null, Number.NaN, Number.POSITIVE_INFINITY, []])
      expect(policyProblems({ [option]: value })).toContain(`value_invalid at jwt.${option}`);
  });
});

test('a maximum age is there if it was given, 0 too', () => {
  expect(parsedPolicy({ maxAgeSeconds: 0 })).toHaveProperty('maxAgeSeconds', 0);
  expect(parsedPolicy({ maxAgeSeconds: 60 })).toHaveProperty('maxAgeSeconds', 60);
});

describe('flags', () => {
  test.each([
    'checkCredentialExistence',
    'passThrough',
    'requireExp',
    'allowShortSecret',
    'anyAudience',
    'discovery',
    'credentialKey',
  ])('%s is true or false', (option) => {
    for (const value of ['true', 'false', 0, 1, 'no', null, {}])
      expect(policyProblems({ [option]: value })).toEqual([`value_invalid at jwt.${option}`]);
  });
});

describe('the place of the token', () => {
  test.each([
    [{ jwtExtractor: 'authBearer' }, { in: 'header', name: 'Authorization', scheme: 'Bearer' }],
    [
      { jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' },
      { in: 'header', name: 'Authorization', scheme: 'JWT' },
    ],
    [
      { jwtExtractor: 'header', jwtExtractorField: 'X-Token' },
      { in: 'header', name: 'X-Token' },
    ],
    [
      { jwtExtractor: 'query', jwtExtractorField: 'access_token' },
      { in: 'query', name: 'access_token' },
    ],
    [
      { jwtExtractor: 'cookie', jwtExtractorField: '__Host-token' },
      { in: 'cookie', name: '__Host-token' },
    ],
  ])('%j', (options, place) => {
    expect(parsedPolicy(options).tokenPlace).toEqual(place);
  });
  test.each(['authScheme', 'header', 'query', 'cookie'])('%s needs a field', (jwtExtractor) => {
    expect(policyProblems({ jwtExtractor })).toEqual(['extractor_field_required at jwt.jwtExtractorField']);
    for (const jwtExtractorField of ['', 7, null])
      expect(policyProblems({ jwtExtractor, jwtExtractorField })).toEqual([
        'value_invalid at jwt.jwtExtractorField',
      ]);
  });
  test('authBearer has none', () => {
    expect(policyProblems({ jwtExtractorField: 'X-Token' })).toEqual([
      'extractor_field_unused at jwt.jwtExtractorField',
    ]);
  });
  test.each(['authScheme', 'header', 'cookie'])('the field of %s is one token', (jwtExtractor) => {
    for (const jwtExtractorField of ['a b', 'a:', 'a\r\nb', 'ä', 'a,b', 'a=b', ' a', '"a"'])
      expect(policyProblems({ jwtExtractor, jwtExtractorField })).toEqual([
        'value_invalid at jwt.jwtExtractorField',
      ]);
  });
  test.each([
    ['header', true],
    ['cookie', true],
    ['query', false],
  ])('the field of %s may have what an identity source cannot name: %s', (jwtExtractor, mayHave) => {
    for (const jwtExtractorField of ['a~b', 'a+b', '!'])
      expect(policyProblems({ jwtExtractor, jwtExtractorField })).toEqual(
        mayHave ? [] : ['value_invalid at jwt.jwtExtractorField'],
      );
  });
  test.each(['AuthBearer', 'body', 7, null])('%j is no extractor', (jwtExtractor) => {
    expect(policyProblems({ jwtExtractor })).toContain('value_invalid at jwt.jwtExtractor');
  });
});

describe('claims', () => {
  test('audience and issuer are one or a list', () => {
    expect(parsedPolicy({ audience: 'a', issuer: ['x', 'y'] })).toMatchObject({
      audience: ['a'],
      issuer: ['x', 'y'],
    });
  });
  test.each(['audience', 'issuer', 'tokenTypes', 'scopeClaim'])('%s is never empty', (option) => {
    for (const value of ['', [], [''], ['a', ''], [7], 7, null, {}])
      expect(policyProblems({ [option]: value })).toEqual([
        expect.stringMatching(`^value_invalid at jwt.${option}(\\[[01]\\])?$`),
      ]);
  });
  test('required claims are names, or names with values', () => {
    expect(parsedPolicy({ requiredClaims: ['a', 'b'] }).requiredClaims).toEqual([
      { name: 'a' },
      { name: 'b' },
    ]);
    expect(
      parsedPolicy({ requiredClaims: { a: 'x', b: [1, true], 'https://x.example/c': 0 } }).requiredClaims,
    ).toEqual([
      { name: 'a', values: ['x'] },
      { name: 'b', values: [1, true] },
      { name: 'https://x.example/c', values: [0] },
    ]);
  });
  test.each([
    ['a name without a value', { a: null }],
    ['an empty list of values', { a: [] }],
    ['a mapping as a value', { a: { b: 1 } }],
    ['an empty name', { '': 1 }],
    ['an empty name in a list', ['']],
    ['an empty name beside another', ['a', '']],
    ['a number beside a name', ['a', 1]],
    ['a name alone', 'a'],
    ['a number as a name', [1]],
    // JSON has no infinity: the function would not start with what passed here.
    ['infinity', { a: Number.POSITIVE_INFINITY }],
    ['no number', { a: Number.NaN }],
    // Rounded, another tenant's number is equal.
    ['a whole number beyond 2^53', { a: 2 ** 53 }],
    ...['__proto__', 'constructor', 'prototype'].map((name) => [name, JSON.parse(`{"${name}": "x"}`)]),
  ])('%s is refused', (_, requiredClaims) => {
    expect(policyProblems({ requiredClaims })).toEqual([
      expect.stringMatching(/^value_invalid at jwt\.requiredClaims/),
    ]);
  });
  test('token types are compared without case and application/', () => {
    expect(parsedPolicy({ tokenTypes: ['AT+JWT', 'application/jwt'] }).tokenTypes).toEqual(['at+jwt', 'jwt']);
  });
  test('a scope claim is a name, taken literally, or a path', () => {
    expect(parsedPolicy({ scopeClaim: 'https://x.example/scope' }).scopeClaim).toEqual([
      'https://x.example/scope',
    ]);
    expect(parsedPolicy({ scopeClaim: ['realm_access', 'roles'] }).scopeClaim).toEqual([
      'realm_access',
      'roles',
    ]);
  });
});

describe('keys of an issuer', () => {
  const remote = (options: object) => problemsOf({ jwt: { jwksUri: 'https://id.example/jwks', ...options } });
  test('need its name and an audience', () => {
    expect(remote({})).toEqual(['issuer_required at jwt.issuer', 'audience_required at jwt.audience']);
    expect(remote({ issuer: 'x', audience: 'a' })).toEqual([]);
  });
  test('belong to one issuer', () => {
    expect(remote({ issuer: ['x', 'y'], audience: 'a' })).toEqual(['issuer_ambiguous at jwt.issuer']);
    expect(remote({ issuer: ['x'], audience: 'a' })).toEqual([]);
  });
  test.each([
    [{ anyAudience: true }, true],
    [{ requiredClaims: { azp: 'me' } }, true],
    [{ requiredClaims: { client_id: ['me', 'you'] } }, true],
    [{ anyAudience: false }, false],
    // Any client has one of its own.
    [{ requiredClaims: ['azp'] }, false],
    [{ requiredClaims: { tenant: 'me' } }, false],
  ])('%j in the place of the audience: %s', (options, isEnough) => {
    expect(remote({ issuer: 'x', ...options }).includes('audience_required at jwt.audience')).toBe(!isEnough);
  });
  test('the same for discovery', () => {
    expect(problemsOf({ jwt: { discovery: true } })).toEqual([
      'issuer_required at jwt.issuer',
      'audience_required at jwt.audience',
    ]);
  });
  test('a faulty issuer or audience is not missing', () => {
    expect(remote({ issuer: 7, audience: [] })).toEqual([
      'value_invalid at jwt.audience',
      'value_invalid at jwt.issuer',
    ]);
    expect(remote({ issuer: [''], audience: [''] })).toEqual([
      'value_invalid at jwt.audience[0]',
      'value_invalid at jwt.issuer[0]',
    ]);
  });
});

describe('options without effect are refused', () => {
  test.each([
    [{ anyAudience: true }, 'option_unused at jwt.anyAudience'],
    [{ checkCredentialExistence: true, tokenRevocation: true }, 'option_unused at jwt.tokenRevocation'],
    [{ checkCredentialExistence: undefined, tokenRevocation: false }, 'option_unused at jwt.tokenRevocation'],
    [{ secretJsonField: 'key' }, 'option_unused at jwt.secretJsonField'],
    [{ previousSecretSeconds: 60 }, 'option_unused at jwt.previousSecretSeconds'],
  ])('%j', (options, problem) => {
    expect(policyProblems(options)).toEqual([problem]);
  });
  test('a credential key needs the controlled modality', () => {
    expect(problemsOf({ jwt: { credentialKey: true, checkCredentialExistence: false } })).toEqual([
      'credential_key_needs_controlled at jwt.credentialKey',
    ]);
  });
  test('a flag that is off is no key source', () => {
    expect(policyProblems({ discovery: false, credentialKey: false, anyAudience: false })).toEqual([]);
  });
});

describe('unknown options', () => {
  test.each([
    'audiance',
    'Algorithms',
    'issuers',
    'secretorpublickey',
    'toString',
    'constructor',
    'hasOwnProperty',
  ])('%s', (option) => {
    expect(policyProblems({ [option]: 'x' })).toEqual([`unknown_key at jwt.${option}`]);
  });
  test('__proto__', () => {
    const jwt = JSON.parse(`{"secretOrPublicKey": "${SECRET}", "__proto__": {"passThrough": true}}`);
    expect(problemsOf({ jwt })).toEqual(['unknown_key at jwt.__proto__']);
  });
});
