/** Credentials with a usage plan, on a local table. */
import { describe, expect, it } from 'vitest';
import { configFile } from '../e2e/command.ts';
import { boundTo, cli, dataFolder } from './cli.ts';

const CONFIG = { jwt: { secret: 'generate' }, plans: { gold: {}, silver: {} } };

async function prepare(file: Readonly<Record<string, unknown>> = CONFIG) {
  const place = ['--data', await dataFolder(), '--config', await configFile(file)];
  const bound = boundTo(...place);
  await bound.quiet('users create -p username=ann');
  return { ...bound, place };
}

describe('credentials create --plan', () => {
  it('makes an API key, which belongs to the credential', async () => {
    const { json } = await prepare();
    const made = await json('credentials create -c ann --plan gold -p keyId=k');
    expect(made).toMatchObject({
      plan: 'gold',
      apiKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      apiKeyId: expect.stringMatching(/^local-/),
    });
    const { keySecret, ...shown } = made;
    expect(await json('credentials info k')).toEqual(shown);
    expect((await json('credentials create -c ann -p plan=silver'))['plan']).toBe('silver');
  });

  it('knows the plans of the configuration alone', async () => {
    const { run } = await prepare();
    const unknown = await run('credentials create -c ann --plan platinum');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('gold, silver')]);
    const without = await prepare({ jwt: { secret: 'generate' } });
    const none = await without.run('credentials create -c ann --plan gold');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('no usage plans')]);
    expect((await without.run('credentials create -c ann')).code).toBe(0);
  });

  it('says what is wrong with the configuration, when it is asked for a plan', async () => {
    const { run } = await prepare({ jwt: { secret: 'generate' }, plans: { gold: { rate: 1 } } });
    const failed = await run('credentials create -c ann --plan gold');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('plans.gold.rate')]);
    expect((await run('credentials create -c ann')).code).toBe(0);
  });
});

describe('credentials create --stdin', () => {
  it('takes a plan in a line, and one for all lines', async () => {
    const { json, place } = await prepare();
    const lines = '{"keyId":"a","plan":"silver"}\n{"keyId":"b"}\n{"keyId":"c","plan":"nope"}\n';
    const ran = await cli(
      ['credentials', 'create', '--stdin', '-c', 'ann', '--plan', 'gold', '--json', ...place],
      lines,
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('line 3: ');
    const plans = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { keyId: string; plan: string });
    expect(Object.fromEntries(plans.map(({ keyId, plan }) => [keyId, plan]))).toEqual({
      a: 'silver',
      b: 'gold',
    });
    expect((await json('credentials info b'))['plan']).toBe('gold');
  });

  it('skips what is there with the same plan, and tells what is there with another', async () => {
    const { place } = await prepare();
    const give = (lines: string) => cli(['credentials', 'create', '--stdin', '-c', 'ann', ...place], lines);
    expect((await give('{"keyId":"a","plan":"gold"}\n{"keyId":"b"}\n')).code).toBe(0);
    expect((await give('{"keyId":"a","plan":"gold"}\n{"keyId":"b"}\n')).stderr).toContain('skipped 2');
    const other = await give('{"keyId":"a","plan":"silver"}\n{"keyId":"b","plan":"gold"}\n');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/line 1: .*another plan/);
    expect(other.stderr).toMatch(/line 2: .*another plan/);
  });
});
