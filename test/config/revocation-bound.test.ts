import { describe, expect, test } from 'vitest';
import {
  describeRevocation,
  longestCacheSeconds,
  revocationBound,
} from '../../lambda/config/revocation-bound.ts';
import { parsedFile, policy } from './parsing.ts';

const controlled = (options: object = {}, jwt: unknown = policy({ checkCredentialExistence: true })) =>
  parsedFile({ jwt, authorizerCacheSeconds: 300, credentialCacheSeconds: 60, ...options });
const SCOPED = [{ paths: ['/orders'], scopes: ['orders'] }];

test('the terms add up', () => {
  expect(revocationBound(controlled())).toEqual({
    credentialCacheSeconds: 60,
    functionTimeoutSeconds: 10,
    authorizerCacheSeconds: 300,
    flushAgainSeconds: 71,
    withFlushesSeconds: 70,
    withoutFlushesSeconds: 370,
  });
});

test('the function’s own time limit counts', () => {
  expect(revocationBound(controlled(), 3)).toMatchObject({
    withFlushesSeconds: 63,
    flushAgainSeconds: 64,
    withoutFlushesSeconds: 363,
  });
});

test('a function that remembers nothing may still be at work on what it read before the change', () => {
  expect(revocationBound(controlled({ credentialCacheSeconds: 0 }))).toMatchObject({
    withFlushesSeconds: 10,
  });
});

describe('what API Gateway may not keep adds nothing', () => {
  test.each([
    ['0 is asked for', controlled({ authorizerCacheSeconds: 0 })],
    [
      'callers may be anonymous',
      parsedFile({ jwt: policy({ checkCredentialExistence: true, passThrough: true }) }),
    ],
  ])('%s', (_, config) => {
    expect(revocationBound(config)).toMatchObject({ authorizerCacheSeconds: 0, withoutFlushesSeconds: 70 });
  });

  test('the longest of several keyings counts: /orders is kept, what lies inside /{proxy+} is not', () => {
    const config = controlled({ routes: SCOPED });
    expect(longestCacheSeconds(config, ['/{proxy+}'])).toBe(0);
    expect(longestCacheSeconds(config, ['/{proxy+}', '/orders'])).toBe(300);
  });
});

describe('nothing can be revoked where nothing is looked up', () => {
  const uncontrolled = (options: object = {}) =>
    parsedFile({ jwt: policy({ checkCredentialExistence: false }), ...options });

  test('there is no bound', () => expect(revocationBound(uncontrolled())).toBeUndefined());

  test.each([
    [{}, /until its exp, and up to 300 s/],
    [{ expiryCondition: true }, /until its exp$/],
    [{ authorizerCacheSeconds: 0 }, /until its exp$/],
  ])('%j', (options, text) => {
    expect(describeRevocation(uncontrolled(options), { delivery: '' })).toMatch(text);
  });

  test('one controlled policy of several is enough', () => {
    const jwt = [
      policy({ issuer: 'https://a.example' }),
      policy({ issuer: 'https://b.example', checkCredentialExistence: true }),
    ];
    expect(revocationBound(controlled({}, jwt))).toMatchObject({ withoutFlushesSeconds: 370 });
  });
});

test('it is told with its terms', () => {
  expect(describeRevocation(controlled(), { delivery: ' + seconds' })).toMatch(
    /60 s \(credentialCacheSeconds\) \+ 10 s \(.*\) = 70 s \+ seconds; 370 s \(.*300 s\)/,
  );
  expect(describeRevocation(controlled({ authorizerCacheSeconds: 0 }), { delivery: ' + seconds' })).toMatch(
    /= 70 s; API Gateway keeps no answer$/,
  );
});

describe('an outage that is bridged', () => {
  const told = (options: object) => describeRevocation(controlled(options), { delivery: ' + seconds' });

  test('is said to let in for as long as that, the request at work, and what API Gateway keeps', () => {
    expect(told({ staleCredentialSeconds: 3600 })).toMatch(
      /if no flush succeeds; while the table cannot be reached, 3910 s \(with staleCredentialSeconds, 3600 s\)$/,
    );
    expect(told({ staleCredentialSeconds: 3600, authorizerCacheSeconds: 0 })).toMatch(
      /keeps no answer; while the table cannot be reached, 3610 s \(with staleCredentialSeconds, 3600 s\)$/,
    );
  });

  test('counts the function’s own time limit', () => {
    const config = controlled({ staleCredentialSeconds: 61, authorizerCacheSeconds: 0 });
    expect(describeRevocation(config, { functionTimeoutSeconds: 3, delivery: '' })).toMatch(/reached, 64 s /);
  });

  test('is not mentioned where it is off, nor where nothing can be revoked', () => {
    for (const off of [{}, { staleCredentialSeconds: 0 }]) expect(told(off)).not.toMatch(/stale|cannot/);
    const uncontrolled = parsedFile({ jwt: policy(), staleCredentialSeconds: 3600 });
    expect(describeRevocation(uncontrolled, { delivery: '' })).not.toMatch(/stale|cannot be reached/);
  });

  test('leaves the bound of what flushes do as it is', () => {
    expect(revocationBound(controlled({ staleCredentialSeconds: 3600 }))).toEqual(
      revocationBound(controlled()),
    );
  });
});
