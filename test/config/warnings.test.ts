import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import {
  openBaseWarnings,
  otherApiWarnings,
  sharedSecretWarnings,
  warningsOf,
} from '../../lambda/config/warnings.ts';

function warningsFor(jwt: unknown): number {
  return sharedSecretWarningsOf(jwt).length;
}

function sharedSecretWarningsOf(jwt: unknown): readonly string[] {
  const parsed = parseConfig({ jwt });
  if (!parsed.ok) throw new Error('not a configuration');
  return sharedSecretWarnings(parsed.config);
}

test('consumers that share an HMAC secret are warned about, policy by policy', () => {
  expect(warningsFor({ secret: 'generate' })).toBe(1);
  expect(warningsFor({ secret: 'generate', checkCredentialExistence: false })).toBe(0);
  expect(warningsFor({ credentialKey: true })).toBe(0);
  expect(
    warningsFor([
      { credentialKey: true, issuer: 'a' },
      { secret: 'generate', issuer: 'b' },
    ]),
  ).toBe(1);
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf';
  expect(warningsFor({ secretArn: arn, algorithms: ['RS256'] })).toBe(0);
  expect(
    warningsFor([
      { secretArn: arn, algorithms: ['HS256'], issuer: 'a' },
      { secret: 'generate', issuer: 'b' },
    ]),
  ).toBe(2);
});

test('each names its policy', () => {
  const jwt = [
    { credentialKey: true, issuer: 'a' },
    { secret: 'generate', issuer: 'b' },
  ];
  expect(sharedSecretWarningsOf(jwt)).toEqual([expect.stringMatching(/^jwt\[1\]: /)]);
});

test('the base of a scoped /* is open unless a rule names it too', () => {
  const routes = (...paths: string[]) => ({ routes: [{ paths, scopes: ['admin'] }] });
  expect(openBaseWarnings(routes('/admin/{proxy+}'))).toHaveLength(1);
  expect(openBaseWarnings(routes('/admin/{proxy+}', '/admin'))).toHaveLength(0);
  expect(openBaseWarnings(routes('/{proxy+}'))).toHaveLength(0);
  expect(openBaseWarnings({ routes: [{ paths: ['/admin/{proxy+}'], scopes: [] }] })).toHaveLength(0);
});

test('the base that is open is named, and may be named by whatever rule', () => {
  const scoped = (...paths: string[]) => ({ paths, scopes: ['admin'] });
  const below = scoped('/admin/reports/{proxy+}');
  expect(openBaseWarnings({ routes: [below] })).toEqual([expect.stringContaining('/admin/reports itself')]);
  expect(openBaseWarnings({ routes: [below, scoped('/admin/reports'), scoped('/other')] })).toEqual([]);
  expect(openBaseWarnings({ routes: [below, scoped('/admin')] })).toHaveLength(1);
});

test('an API that the local gateway does not know is named', () => {
  const parsed = (more: object) => {
    const result = parseConfig({ jwt: { secret: 'generate' }, ...more });
    if (!result.ok) throw new Error('not a configuration');
    return result.config;
  };
  expect(otherApiWarnings(parsed({}))).toEqual([]);
  expect(otherApiWarnings(parsed({ restApi: { id: 'a1b2c3d4e5', stages: 'prod' } }))).toEqual([
    expect.stringContaining('a1b2c3d4e5'),
  ]);
});

test('before a deployment both are told', () => {
  const parsed = parseConfig({
    jwt: { secret: 'generate' },
    routes: [{ paths: ['/admin/*'], scopes: ['a'] }],
  });
  if (!parsed.ok) throw new Error('not a configuration');
  expect(warningsOf(parsed.config)).toHaveLength(2);
});
