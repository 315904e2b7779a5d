/** `drift` from the command line: what the owner of an API did to an attachment, and what a script learns of it. */
import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { DriftReport } from '../../../bin/attachment/drift-report.ts';
import { selectors } from '../../attachment/wishes.ts';
import { type Bench, openBench } from './bench.ts';

// The model asks nobody to wait.
vi.mock('../../../lambda/attachment/pace.ts', async (original) => ({
  ...(await original<object>()),
  PACE: { everyMs: 0, operationEveryMs: {} },
}));

const ORDERS = ['--stack', 'Orders', '--rest-api-id', 'api1'];

let bench: Bench;
let atFirst: string;
beforeEach(async () => {
  bench = await openBench();
  atFirst = bench.scene.model.api.stages.get('prod')?.deploymentId ?? '';
  const wish = ['--stage', 'prod', '--stage', 'dev', '--route', 'GET /orders', '--route', 'ANY /admin/*'];
  expect((await bench.run(['attach', ...ORDERS, ...wish, '--yes'])).code).toBe(0);
});

async function drift(...args: readonly string[]): Promise<DriftReport & { readonly code: number }> {
  const { code, stdout, stderr } = await bench.run(['drift', ...ORDERS, '--json', ...args]);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as DriftReport), code };
}

const found = ({ findings }: DriftReport) =>
  findings.map(({ code, stage, subjects }) => [stage, code, ...subjects].join(' '));

describe('drift', () => {
  it('is none after an attachment', async () => {
    const calls = bench.scene.model.log.length;
    expect(await drift()).toEqual({
      ...{ code: 0, outcome: 'none', restApiId: 'api1', owner: 'command:attachments' },
      ...{ stages: ['prod', 'dev'], routes: ['GET /orders', 'ANY /admin/{proxy+}'], findings: [] },
    });
    expect(bench.scene.model.log.slice(calls).every(({ operation }) => operation.startsWith('Get'))).toBe(
      true,
    );
    expect(await bench.run(['drift', ...ORDERS])).toEqual({
      ...{ code: 0, stderr: '', stdout: 'no drift: prod, dev of api1 as attached\n' },
    });
  });

  it('is a rollback of the owner’s, and gone when it is attached again', async () => {
    bench.scene.model.owner.rollbackStage('dev', atFirst);
    const report = await drift();
    expect(report).toMatchObject({ code: 1, outcome: 'drift' });
    expect(found(report)).toEqual(['dev reopened ANY /admin/{proxy+} GET /orders']);
    const { code, stdout } = await bench.run(['drift', ...ORDERS]);
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'stage  finding   what',
      'prod   none      as attached',
      'dev    reopened  ANY /admin/{proxy+}',
      'dev    reopened  GET /orders',
    ]);
    expect(stdout).toContain('jwt-authorizer attach');
    expect((await bench.run(['attach', ...ORDERS, '--yes'])).code).toBe(0);
    expect(await drift()).toMatchObject({ code: 0, outcome: 'none' });
  });

  it('is a new method that a selector means, once it is served', async () => {
    const { owner } = bench.scene.model;
    owner.editWorkingCopy((definition) => {
      bench.scene.set(definition, 'GET /admin/users');
    });
    expect((await drift()).outcome).toBe('none');
    owner.deploy('prod');
    expect(found(await drift())).toEqual(['prod unprotected GET /admin/users']);
  });

  it('is told of a stack’s attachment too', async () => {
    expect((await bench.run(['detach', ...ORDERS, '--yes'])).code).toBe(0);
    await bench.attachAsStack({ selectors: selectors('GET /orders') });
    expect(await drift()).toMatchObject({ code: 0, stages: ['prod'] });
    bench.scene.model.owner.rollbackStage('prod', atFirst);
    expect(found(await drift())).toEqual(['prod reopened GET /orders']);
    expect((await bench.run(['drift', ...ORDERS])).stdout).toContain('the stack Orders');
  });

  it('cannot be told while a detachment is half done', async () => {
    bench.scene.model.owner.deploy('prod');
    bench.scene.model.trouble = ({ operation }) =>
      operation === 'CreateDeployment' ? { error: 'AccessDeniedException', status: 403 } : undefined;
    expect((await bench.run(['detach', ...ORDERS, '--yes'])).code).toBe(1);
    bench.scene.model.trouble = () => undefined;
    expect(await drift()).toMatchObject({ code: 3, outcome: 'unfinished', findings: [] });
    expect((await bench.run(['drift', ...ORDERS])).stdout).toContain('jwt-authorizer detach');
  });
});

describe('unknown', () => {
  it('is what nothing is attached to', async () => {
    expect(await drift('--rest-api-id', 'other')).toMatchObject({
      code: 3,
      outcome: 'not_attached',
      findings: [],
    });
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }],
    ['no region', { AWS_REGION: undefined }],
  ])('is what cannot be read: %s', async (_, variables) => {
    const { code, stdout, stderr } = await bench.run(['drift', ...ORDERS, '--json'], { variables });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('is what AWS lets nobody read', async () => {
    bench.scene.model.trouble = () => ({ error: 'AccessDeniedException', status: 403 });
    const { code, stderr } = await bench.run(['drift', ...ORDERS]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('the REST API api1')]);
  });

  it('is not what was asked wrongly', async () => {
    expect((await bench.run(['drift', '--stack', 'Orders'])).code).toBe(2);
  });
});
