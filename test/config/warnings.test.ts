import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { openBaseWarnings, sharedSecretWarnings, warningsOf } from '../../lambda/config/warnings.ts';

function warningsFor(jwt: unknown): number {
  const parsed = parseConfig({ jwt });
  if (!parsed.ok) throw new Error('not a configuration');
  return sharedSecretWarnings(parsed.config).length;
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

test('the base of a scoped /* is open unless a rule names it too', () => {
  const routes = (...paths: string[]) => ({ routes: [{ paths, scopes: ['admin'] }] });
  expect(openBaseWarnings(routes('/admin/{proxy+}'))).toHaveLength(1);
  expect(openBaseWarnings(routes('/admin/{proxy+}', '/admin'))).toHaveLength(0);
  expect(openBaseWarnings(routes('/{proxy+}'))).toHaveLength(0);
  expect(openBaseWarnings({ routes: [{ paths: ['/admin/{proxy+}'], scopes: [] }] })).toHaveLength(0);
});

test('before a deployment both are told', () => {
  const parsed = parseConfig({
    jwt: { secret: 'generate' },
    routes: [{ paths: ['/admin/*'], scopes: ['a'] }],
  });
  if (!parsed.ok) throw new Error('not a configuration');
  expect(warningsOf(parsed.config)).toHaveLength(2);
});
