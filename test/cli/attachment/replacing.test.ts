/** The way of docs/cookbook/from-a-copied-sample.md: what another authorizer protects is taken over, and given back. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { ChangeReport } from '../../../bin/attachment/report.ts';
import { weakenings } from '../../support/control-plane/protection.ts';
import { type Bench, openBench } from './bench.ts';

// The model asks nobody to wait.
vi.mock('../../../lambda/attachment/pace.ts', async (original) => ({
  ...(await original<object>()),
  PACE: { everyMs: 0, operationEveryMs: {} },
}));

/** Protected by an authorizer of somebody else's, as the model's scene has it. */
const ROUTE = 'DELETE /orders/{id}';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

async function run(verb: string, ...args: readonly string[]): Promise<ChangeReport & { code: number }> {
  const place = ['--stack', 'Orders', '--rest-api-id', 'api1', '--json'];
  const { code, stdout } = await bench.run([verb, ...args, ...place]);
  return { ...(JSON.parse(stdout) as ChangeReport), code };
}

const attach = (...args: readonly string[]) => run('attach', '--stage', 'prod', '--route', ROUTE, ...args);

/** The name of what stands before the method where the stage serves it. */
function holder(): string | undefined {
  const { model, at } = bench.scene;
  const { deployments, stages } = model.api;
  const definition = deployments.get(stages.get('prod')?.deploymentId ?? '')?.definition;
  const { resourceId, httpMethod } = at(ROUTE);
  const method = definition?.resources.get(resourceId)?.methods.get(httpMethod);
  return definition?.authorizers.get(method?.authorizerId ?? '')?.name;
}

it('is refused without consent, with the plan changing nothing', async () => {
  expect(await attach('--dry-run')).toMatchObject({ code: 1, refusals: [{ code: 'protected_by_other' }] });
  const planned = await attach('--dry-run', '--take-over');
  expect(planned).toMatchObject({ code: 0, outcome: 'planned' });
  expect(planned.methods?.find(({ fate }) => fate === 'protected')).toMatchObject({
    httpMethod: 'DELETE',
    before: [{ authorizationType: 'CUSTOM', authorizerName: 'theirs' }],
  });
  expect(holder()).toBe('theirs');
});

it('goes from one authorizer to the other and back, with no moment without', async () => {
  expect(await attach('--take-over', '--yes')).toMatchObject({ code: 0, outcome: 'attached' });
  expect(holder()).toMatch(/^jwt-authorizer-/);
  expect(await run('detach', '--yes')).toMatchObject({ code: 0, outcome: 'detached' });
  expect(holder()).toBe('theirs');
  expect(weakenings(bench.scene.model.history)).toEqual([]);
});

it('has no way back when the other authorizer is gone, and leaves the method protected', async () => {
  await attach('--take-over', '--yes');
  const { model, theirs } = bench.scene;
  model.api.definition.authorizers.delete(theirs.id);
  expect(await run('detach', '--yes')).toMatchObject({
    code: 1,
    outcome: 'refused',
    refusals: [{ code: 'prior_authorizer_gone' }],
  });
  expect(holder()).toMatch(/^jwt-authorizer-/);
});
