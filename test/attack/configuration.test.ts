import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { configurations } from './configuration.ts';

test.each(configurations.map((attack) => [attack.id, attack] as const))('%s', (_, { policy, expected }) => {
  const parsed = parseConfig({ jwt: { checkCredentialExistence: false, ...policy } });
  expect(parsed.ok ? [] : parsed.problems.map(({ code }) => code)).toContain(expected);
  // What was given is told without its value, which may be a secret.
  const { secretOrPublicKey: key } = policy;
  if (typeof key === 'string' && key.trim().length > 3)
    expect(JSON.stringify(parsed)).not.toContain(key.trim());
});

test('every one cites where it is known from', () => {
  expect(configurations.filter(({ cites }) => cites.length === 0)).toEqual([]);
  const ids = configurations.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});
