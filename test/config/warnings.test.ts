import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { sharedSecretWarnings } from '../../lambda/config/warnings.ts';

function warningsFor(jwt: unknown): number {
  const parsed = parseConfig({ jwt });
  if (!parsed.ok) throw new Error('not a configuration');
  return sharedSecretWarnings(parsed.config).length;
}

test('consumers that share an HMAC secret are warned about, policy by policy', () => {
  expect(warningsFor({ secret: 'generate' })).toBe(1);
  expect(warningsFor({ secret: 'generate', checkCredentialExistence: false })).toBe(0);
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf';
  expect(warningsFor({ secretArn: arn, algorithms: ['RS256'] })).toBe(0);
  expect(
    warningsFor([
      { secretArn: arn, algorithms: ['HS256'], issuer: 'a' },
      { secret: 'generate', issuer: 'b' },
    ]),
  ).toBe(2);
});
