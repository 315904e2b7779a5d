/** `detach` from the command line to the API, byte for byte what was there before. */
import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { ChangeReport } from '../../../bin/attachment/report.ts';
import { selectors } from '../../attachment/wishes.ts';
import { type Bench, JOURNAL_TABLE, openBench } from './bench.ts';

// The model asks nobody to wait.
vi.mock('../../../lambda/attachment/pace.ts', async (original) => ({
  ...(await original<object>()),
  PACE: { everyMs: 0, operationEveryMs: {} },
}));

const ORDERS = ['--stack', 'Orders', '--rest-api-id', 'api1'];
const ALL = ['--stage', 'prod', '--take-over'];

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

const run = (command: string, ...args: readonly string[]) => bench.run([command, ...ORDERS, ...args]);

async function detach(...args: readonly string[]): Promise<ChangeReport & { readonly code: number }> {
  const { code, stdout, stderr } = await run('detach', '--json', '--yes', ...args);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as ChangeReport), code };
}

describe('detach', () => {
  it('gives every method back what it had, and forgets', async () => {
    const before = await bench.exported('prod');
    expect((await run('attach', ...ALL, '--yes')).code).toBe(0);
    expect(await bench.exported('prod')).not.toEqual(before);
    const report = await detach();
    expect(report).toMatchObject({
      code: 0,
      outcome: 'detached',
      restApiId: 'api1',
      deploys: [{ stage: 'prod' }],
    });
    const back = report.methods?.filter(({ fate }) => fate === 'given_back');
    expect(back?.map(({ after }) => after)).toContainEqual({
      authorizationType: 'CUSTOM',
      authorizerName: 'theirs',
    });
    expect(await bench.exported('prod')).toEqual(before);
    expect([...bench.scene.model.api.definition.authorizers.values()].map(({ name }) => name)).toEqual([
      'theirs',
    ]);
    expect(await bench.journal.read('api1')).toBeUndefined();
  });

  it('does nothing where nothing is attached, and says so', async () => {
    expect(await detach()).toEqual({
      ...{ code: 0, outcome: 'not_attached', restApiId: 'api1' },
      ...{ stages: [], routes: [], warnings: [], refusals: [] },
    });
    expect(bench.scene.model.log).toEqual([]);
    expect(await run('detach', '--yes')).toMatchObject({
      code: 0,
      stdout: 'unchanged: nothing is attached to api1\n',
    });
  });

  it('shows with --dry-run what it would do, and writes nothing', async () => {
    await run('attach', ...ALL, '--yes');
    const calls = bench.scene.model.log.length;
    const ran = await run('detach', '--dry-run');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      /get back what they had before[\s\S]*DELETE \(authorizer theirs\), GET \(AWS_IAM\)/,
    );
    expect(bench.scene.model.log.slice(calls).every(({ operation }) => operation.startsWith('Get'))).toBe(
      true,
    );
    expect(await bench.journal.read('api1')).toMatchObject({ phase: 'attached' });
  });

  it('asks, and a no changes nothing', async () => {
    await run('attach', ...ALL, '--yes');
    const said = await bench.run(['detach', ...ORDERS], { stdin: 'n\n', terminal: { isAsked: true } });
    expect([said.code, said.stderr]).toEqual([130, expect.stringContaining('detach now? [y/N]')]);
    expect(bench.served('prod', 'GET /orders')).toBe('CUSTOM');
  });

  it('leaves what was open behind IAM, where that was wished', async () => {
    await run('attach', ...ALL, '--on-detach', 'deny', '--yes');
    await detach();
    expect(bench.served('prod', 'GET /orders')).toBe('AWS_IAM');
  });

  it('needs no configuration, and none that can be read', async () => {
    await run('attach', ...ALL, '--yes');
    const ran = await bench.run(['detach', ...ORDERS, '--yes', '--config', '/nowhere/authorizer.config.yml']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('is stopped by another stage that serves the authorizer, and ends when that was deployed', async () => {
    await run('attach', ...ALL, '--yes');
    bench.scene.model.owner.deploy('dev');
    const stopped = await detach();
    expect(stopped).toMatchObject({ code: 1, outcome: 'authorizer_in_use', subjects: ['dev'] });
    expect(bench.served('prod', 'GET /orders')).toBe('NONE');
    const said = await run('detach', '--yes');
    expect([said.code, said.stderr]).toEqual([1, expect.stringMatching(/dev .*deploy/)]);
    bench.scene.model.owner.deploy('dev');
    expect(await detach()).toMatchObject({ code: 0, outcome: 'detached' });
  });
});

describe('pending edits of others', () => {
  it('are refused, and published only with consent', async () => {
    await run('attach', ...ALL, '--yes');
    bench.scene.model.owner.editWorkingCopy((definition) => {
      bench.scene.set(definition, 'PUT /orders/{id}');
    });
    expect(await detach()).toMatchObject({
      code: 1,
      outcome: 'refused',
      refusals: [{ code: 'pending_edits' }],
    });
    expect(bench.served('prod', 'GET /orders')).toBe('CUSTOM');
    expect(await detach('--deploy-pending-changes')).toMatchObject({ code: 0, outcome: 'detached' });
    expect(bench.served('prod', 'PUT /orders/{id}')).toBe('NONE');
  });

  it('are not consented to by the attachment’s consent', async () => {
    await run('attach', ...ALL, '--deploy-pending-changes', '--yes');
    bench.scene.model.owner.editWorkingCopy((definition) => {
      bench.scene.set(definition, 'PUT /orders/{id}');
    });
    expect(await detach()).toMatchObject({ code: 1, outcome: 'refused' });
  });
});

describe('what a stack has attached', () => {
  beforeEach(async () => {
    expect(await bench.attachAsStack({ selectors: selectors('GET /orders') })).toMatchObject({
      kind: 'attached',
    });
  });

  test.each([[[]], [['--json']]])('is the stack’s to detach %j', async (more) => {
    const ran = await run('detach', '--yes', ...more);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toMatch(/the stack Orders .*deploy.*--force/);
    expect(bench.served('prod', 'GET /orders')).toBe('CUSTOM');
  });

  it('is detached with --force, and can be looked at without', async () => {
    const looked = await run('detach', '--dry-run');
    expect(looked).toMatchObject({ code: 0, stderr: expect.stringMatching(/the stack Orders .*--force/) });
    for (const args of [
      ['--dry-run', '--force'],
      ['--dry-run', '--json'],
    ]) {
      expect(await run('detach', ...args)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await detach('--force')).toMatchObject({ outcome: 'detached' });
    expect(bench.served('prod', 'GET /orders')).toBe('NONE');
  });
});

it('does not detach from another API than the journal’s', async () => {
  const ran = await bench.run([
    'detach',
    '--rest-api-id',
    'other',
    '--journal-table',
    JOURNAL_TABLE,
    '--yes',
  ]);
  expect(ran).toMatchObject({ code: 0, stdout: 'unchanged: nothing is attached to other\n' });
});
