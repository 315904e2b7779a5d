import { describe, expect, test } from 'vitest';
import type { StoredKeySource } from '../../lambda/config/types.ts';
import { createSecretFetcher } from '../../lambda/keys/fetch-secret.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';

const SECRET = { current: Buffer.from('secret') };
const PARAMETER = { current: Buffer.from('parameter') };

function workbench() {
  const asked: unknown[] = [];
  const fetchSecret = createSecretFetcher({
    generatedSecretArn: (index) => (index < 2 ? `arn-${index}` : undefined),
    readSecret: async (wish) => {
      asked.push(wish);
      return SECRET;
    },
    readParameter: async (wish) => {
      asked.push(wish);
      return PARAMETER;
    },
  });
  return { asked, fetchSecret };
}

describe('a store is asked for what the source names', () => {
  test.each<[StoredKeySource, number, object, object]>([
    [
      { kind: 'secretArn', arn: 'arn', previousKeySeconds: 60 },
      0,
      SECRET,
      { arn: 'arn', jsonField: undefined, wantsPrevious: true },
    ],
    [
      { kind: 'secretArn', arn: 'arn', jsonField: 'key', previousKeySeconds: 0 },
      0,
      SECRET,
      { arn: 'arn', jsonField: 'key', wantsPrevious: false },
    ],
    [{ kind: 'generated', previousKeySeconds: 1 }, 1, SECRET, { arn: 'arn-1', wantsPrevious: true }],
    [{ kind: 'generated', previousKeySeconds: 0 }, 0, SECRET, { arn: 'arn-0', wantsPrevious: false }],
    [
      { kind: 'parameter', name: '/key', previousKeySeconds: 0 },
      0,
      PARAMETER,
      { name: '/key', wantsPrevious: false },
    ],
    [
      { kind: 'parameter', name: '/key', previousKeySeconds: 60 },
      0,
      PARAMETER,
      { name: '/key', wantsPrevious: true },
    ],
  ])('%j of policy %d', async (source, index, answer, wish) => {
    const { asked, fetchSecret } = workbench();
    expect(await fetchSecret(source, index)).toBe(answer);
    expect(asked).toEqual([wish]);
  });
  test('a generated secret that nobody made', async () => {
    const { asked, fetchSecret } = workbench();
    await expect(fetchSecret({ kind: 'generated', previousKeySeconds: 0 }, 2)).rejects.toThrow(
      KeyUnavailable,
    );
    expect(asked).toEqual([]);
  });
});
