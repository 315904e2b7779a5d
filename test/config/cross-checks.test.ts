import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyingOf } from '../../lambda/config/keying.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { policy, problemsOf } from './parsing.ts';
import { templatePath } from './templates.ts';

const SCOPED = [{ paths: '/orders', scopes: 'orders:write' }];

describe('scoped routes need a source of scopes', () => {
  test.each([
    [{}, false],
    [{ scopeClaim: 'scope' }, true],
    [{ checkCredentialExistence: true }, true],
    [{ checkCredentialExistence: true, scopeClaim: 'scope' }, true],
  ])('%j: %s', (options, isEnough) => {
    expect(problemsOf({ jwt: policy(options), routes: SCOPED })).toEqual(
      isEnough ? [] : ['scope_source_missing at jwt'],
    );
  });
  test('routes without scopes need none', () => {
    expect(
      problemsOf({ jwt: policy(), routes: [{ paths: '/orders' }, { paths: '/x', scopes: [] }] }),
    ).toEqual([]);
  });
  test('each policy of a list', () => {
    const jwt = [policy(), policy({ scopeClaim: 'scope' }), policy({ issuer: 'x' })];
    expect(problemsOf({ jwt, routes: SCOPED })).toEqual([
      'scope_source_missing at jwt[0]',
      'scope_source_missing at jwt[2]',
    ]);
  });
  test('is said beside other faults', () => {
    expect(problemsOf({ jwt: policy({ secretOrPublicKey: 'short' }), routes: SCOPED })).toEqual([
      'secret_too_short at jwt.secretOrPublicKey',
      'scope_source_missing at jwt',
    ]);
  });
});

describe('several controlled policies each need an issuer of their own', () => {
  const controlled = (options: object) => policy({ checkCredentialExistence: true, ...options });
  test.each<[string, object[], string[]]>([
    ['none', [{}, {}], ['issuer_required at jwt[0].issuer', 'issuer_required at jwt[1].issuer']],
    ['one', [{ issuer: 'a' }, {}], ['issuer_required at jwt[1].issuer']],
    ['both', [{ issuer: 'a' }, { issuer: 'b' }], []],
    ['the same', [{ issuer: 'a' }, { issuer: 'a' }], ['issuer_ambiguous at jwt[1].issuer']],
    ['overlapping', [{ issuer: ['a', 'b'] }, { issuer: ['c', 'b'] }], ['issuer_ambiguous at jwt[1].issuer']],
    ['with a slash more', [{ issuer: 'a' }, { issuer: 'a/' }], []],
    ['one twice in its own list', [{ issuer: ['a', 'a'] }, { issuer: 'b' }], []],
    ['three', [{ issuer: 'a' }, { issuer: 'b' }, { issuer: 'a' }], ['issuer_ambiguous at jwt[2].issuer']],
  ])('%s', (_, policies, problems) => {
    expect(problemsOf({ jwt: policies.map(controlled) })).toEqual(problems);
  });
  test('one controlled policy among others needs none', () => {
    expect(problemsOf({ jwt: [controlled({}), policy(), policy()] })).toEqual([]);
  });
  test('another fault of one policy does not hide it', () => {
    expect(
      problemsOf({ jwt: [controlled({ secretOrPublicKey: 'short', issuer: 'a' }), controlled({})] }),
    ).toEqual(['secret_too_short at jwt[0].secretOrPublicKey', 'issuer_required at jwt[1].issuer']);
  });
  test('a misspelled issuer is not also a missing one', () => {
    expect(problemsOf({ jwt: [controlled({ isuer: 'a' }), controlled({ issuer: 'b' })] })).toEqual([
      'unknown_key at jwt[0].isuer',
    ]);
  });
});

describe('a cache time where nothing may be cached is refused', () => {
  const contradiction = ['cache_contradiction at authorizerCacheSeconds'];
  const query = { jwtExtractor: 'query', jwtExtractorField: 'token' };
  const rules = (...paths: string[]) => paths.map((path) => ({ paths: path, scopes: 'x' }));
  const jwt = policy({ scopeClaim: 'scope' });
  test.each<[string, object, string[]]>([
    ['one place', { jwt }, []],
    ['scoped routes', { jwt, routes: SCOPED }, []],
    ['passThrough', { jwt: policy({ passThrough: true }) }, contradiction],
    [
      'passThrough of all',
      { jwt: [policy({ passThrough: true }), policy({ passThrough: true })] },
      contradiction,
    ],
    ['passThrough of some', { jwt: [policy({ passThrough: true }), policy()] }, []],
    ['several places', { jwt: [policy(), policy(query)] }, contradiction],
    ['a rule inside a greedy one', { jwt, routes: rules('/files/{id}', '/files/*') }, contradiction],
    [
      'a rule inside a greedy one, and its like outside',
      { jwt, routes: rules('/files/{id}', '/files/*', '/orders/{id}') },
      contradiction,
    ],
    ['a parameter at the top, inside {proxy+}', { jwt, routes: rules('/{tenant}') }, contradiction],
    ['all of a greedy one', { jwt, routes: rules('/files/*') }, []],
    ['a literal beside a greedy one', { jwt, routes: rules('/files/x', '/files/*') }, []],
    [
      'an unscoped rule inside a greedy one',
      { jwt, routes: [...rules('/files/*'), { paths: '/files/{id}' }] },
      [],
    ],
  ])('%s', (_, file, problems) => {
    for (const authorizerCacheSeconds of [1, 300, 3600])
      expect(problemsOf({ ...file, authorizerCacheSeconds })).toEqual(problems);
    expect(problemsOf({ ...file, authorizerCacheSeconds: 0 })).toEqual([]);
    expect(problemsOf(file)).toEqual([]);
  });
  test('is said beside other faults', () => {
    expect(
      problemsOf({ jwt: policy({ passThrough: true }), upstream: 'x', authorizerCacheSeconds: 60 }),
    ).toEqual(['value_invalid at upstream', ...contradiction]);
  });
  test.each<[string, object, string[]]>([
    ['none', {}, ['value_invalid at jwt']],
    ['an empty list', { jwt: [] }, ['value_invalid at jwt']],
    [
      'the only one at fault',
      { jwt: policy({ passThrough: true, anyAudience: true }) },
      ['option_unused at jwt.anyAudience'],
    ],
    [
      'one of two at fault',
      { jwt: [policy({ passThrough: true }), policy({ secretOrPublicKey: 'short' })] },
      ['secret_too_short at jwt[1].secretOrPublicKey'],
    ],
  ])('is not said where policies are missing: %s', (_, file, problems) => {
    expect(problemsOf({ ...file, authorizerCacheSeconds: 60 })).toEqual(problems);
  });
  test('so with a cache time, every declared path is cached', () => {
    fc.assert(
      fc.property(fc.array(templatePath, { maxLength: 4 }), (paths) => {
        const parsed = parseConfig({ jwt, routes: rules(...paths), authorizerCacheSeconds: 60 });
        if (!parsed.ok) return;
        const uncached = paths.filter((path) => keyingOf(parsed.config, path).cacheSeconds === 0);
        // A resource with a variable may also be reached by another spelling of a literal beside it.
        expect(uncached.filter((path) => !path.includes('{'))).toEqual([]);
      }),
    );
  });
});
