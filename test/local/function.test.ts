import { expect, test } from 'vitest';
import { usesSecretStore } from '../../bin/local/function.ts';

test.each([
  [{ secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:jwt-AbCdEf' }, true],
  [{ parameterName: '/jwt/secret' }, true],
  [{ secretOrPublicKey: 'secretArn' }, false],
])('a store of %j asks for the user’s own credentials: %s', (jwt, expected) => {
  expect(usesSecretStore({ jwt })).toBe(expected);
});
