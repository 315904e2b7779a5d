/** What a configuration file with retired options comes to; who is told is in `retired-options-told.test.ts`. */
import { describe, expect, it, vi } from 'vitest';
import { type LoadedConfig, loadConfigText } from '../../lambda/config/load.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { policy } from './parsing.ts';

vi.mock('../../lambda/config/retired-options.ts', async (original) => {
  const real = await original<typeof import('../../lambda/config/retired-options.ts')>();
  const options = [
    { at: 'jwt.clockToleranceSeconds', since: '1.4.0', instead: 'write `leeway`' },
    { at: 'jwt.leewaySeconds', since: '1.2.0', removedIn: '2.0.0', instead: 'write `leeway`' },
  ];
  return {
    ...real,
    deprecationsIn: (value: unknown) => real.deprecationsIn(value, options),
    removalAt: (path: string) => real.removalAt(path, options),
  };
});

const loaded = (file: object): LoadedConfig => {
  const result = loadConfigText(JSON.stringify(file), 'authorizer.config.yml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
};

describe('a deprecated option', () => {
  const used = loaded({ jwt: policy({ clockToleranceSeconds: 5 }) });

  it('works', () => {
    expect(used.config.policies[0]?.clockToleranceSeconds).toBe(5);
  });

  it('is told of with its place', () => {
    expect(used.deprecated).toEqual([
      expect.stringContaining('jwt.clockToleranceSeconds: deprecated since 1.4.0'),
    ]);
  });

  it('is not told of where none is used', () => {
    expect(loaded({ jwt: policy() })).not.toHaveProperty('deprecated');
  });
});

describe('a removed option', () => {
  it.each([
    [policy({ leewaySeconds: 5 }), 'jwt.leewaySeconds'],
    [[policy(), policy({ leewaySeconds: 5 })], 'jwt[1].leewaySeconds'],
  ])('is refused with what to write: %#', (jwt, path) => {
    expect(parseConfig({ jwt })).toEqual({
      ok: false,
      problems: [{ code: 'unknown_key', path, message: 'refused since 2.0.0; write `leeway`' }],
    });
  });
});
