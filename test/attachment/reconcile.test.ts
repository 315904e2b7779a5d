/** Attaching, changing and detaching where nobody disturbs; limits of time, of quotas and of what may be written. */
import { afterEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../lambda/attachment/dynamodb-journal.ts';
import type { Step } from '../../lambda/attachment/run.ts';
import { testClient } from '../consumers/workbench.ts';
import { methodAt } from '../support/control-plane/definition.ts';
import { startDynalite } from '../support/dynalite.ts';
import { type Bench, openBench } from './bench.ts';
import { expectNothingWeakened } from './expectations.ts';
import { createJournalTable } from './journal-table.ts';
import { openLargeApi } from './large-api.ts';
import { FUNCTION_ARN, selectors } from './wishes.ts';

let bench: Bench;
afterEach(() => bench.close());

const all = { takeOver: true };
const model = () => bench.scene.model;
const deployedId = (stage = 'prod') => model().api.stages.get(stage)?.deploymentId;
const served = (route: string, stage = 'prod') => {
  const definition = model().api.deployments.get(deployedId(stage) ?? '')?.definition;
  return definition && methodAt(definition, route);
};
const operations = (from = 0) =>
  model()
    .log.slice(from)
    .map(({ operation }) => operation);
const count = (operation: string, from = 0) => operations(from).filter((name) => name === operation).length;
const authorizerNames = () =>
  [...model().api.definition.authorizers.values()].map(({ name }) => name).toSorted();

describe('attach', () => {
  it('protects every method but OPTIONS in the stages that are named, and leaves the rest as it is', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    const before = served('GET /orders', 'test');
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'attached', isChanged: true });
    for (const route of ['GET /health', 'GET /orders', 'DELETE /orders/{id}', 'ANY /admin/{proxy+}'])
      expect(served(route), route).toHaveProperty('authorizationType', 'CUSTOM');
    expect(served('POST /orders')).toMatchObject({ authorizationType: 'CUSTOM', apiKeyRequired: true });
    expect(served('OPTIONS /orders')).toHaveProperty('authorizationType', 'NONE');
    expect(served('GET /orders', 'test')).toEqual(before);
    expect(model().api.flushed).toMatchObject([{ stageName: 'prod' }]);
    expectNothingWeakened(bench);
  });

  it('takes no call more than it needs', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    await bench.reconcile(all);
    expect(operations()).toEqual([
      ...['GetRestApi', 'GetResources', 'GetAuthorizers', 'GetStages', 'GetExport', 'GetExport'],
      'CreateAuthorizer',
      ...Array(6).fill(['GetMethod', 'UpdateMethod']).flat(),
      ...['CreateDeployment', 'GetDeployment', 'GetRestApi', 'GetResources', 'GetAuthorizers'],
      ...['GetStage', 'UpdateStage', 'GetExport', 'FlushStageAuthorizersCache'],
    ]);
  });

  it('a second time changes nothing, and reads only', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const calls = bench.calls();
    const before = bench.state();
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'attached', isChanged: false });
    expect(operations(calls)).toEqual([
      ...['GetRestApi', 'GetResources', 'GetAuthorizers', 'GetStages', 'GetExport'],
    ]);
    expect(bench.state()).toEqual(before);
  });

  it('a wish that says nothing new of the API is journaled, and deployed not at all', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const calls = bench.calls();
    const end = await bench.reconcile({ ...all, onDetach: 'deny' });
    expect(end).toMatchObject({ kind: 'attached', isChanged: false });
    expect(operations(calls).every((operation) => operation.startsWith('Get'))).toBe(true);
    expect(bench.journal.dump()).toMatchObject([
      { progress: { wish: { onDetach: 'deny' }, phase: 'attached' } },
    ]);
  });

  it('another stage that its owner deployed since is taken in without a deployment', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    await bench.reconcile(all);
    model().owner.deploy('test');
    const { size } = model().api.deployments;
    const end = await bench.reconcile({ ...all, stages: ['prod', 'test'] });
    expect(end).toHaveProperty('kind', 'attached');
    expect(model().api.deployments.size).toBe(size);
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    expect(served('GET /orders', 'test')).toHaveProperty('authorizationType', 'NONE');
  });
});

describe('a change', () => {
  it('of the selection gives back what is no longer selected', async () => {
    bench = await openBench();
    await bench.reconcile({ ...all, selectors: selectors('GET /orders', 'GET /orders/{id}') });
    await bench.reconcile({ ...all, selectors: selectors('GET /orders', 'GET /health') });
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'CUSTOM');
    expect(served('GET /health')).toHaveProperty('authorizationType', 'CUSTOM');
    expect(served('GET /orders/{id}')).toHaveProperty('authorizationType', 'AWS_IAM');
    expect(bench.journal.dump()).toMatchObject([
      { methods: [{ path: '/health' }, { path: '/orders', httpMethod: 'GET' }] },
    ]);
    expectNothingWeakened(bench);
  });

  it('of the function’s version changes the authorizer in place, and deploys once', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const id = served('GET /orders')?.authorizerId;
    const calls = bench.calls();
    await bench.reconcile({ ...all, handler: { functionArn: `${FUNCTION_ARN}:2` } });
    expect(served('GET /orders')?.authorizerId).toBe(id);
    expect(count('UpdateAuthorizer', calls)).toBe(1);
    expect(count('UpdateMethod', calls)).toBe(0);
    expect(count('CreateDeployment', calls)).toBe(1);
    const snapshot = model().api.deployments.get(deployedId() ?? '')?.definition;
    expect(snapshot?.authorizers.get(id ?? '')?.authorizerUri).toContain(`${FUNCTION_ARN}:2/`);
    expectNothingWeakened(bench);
  });

  it('of the keying removes the authorizer that nothing uses any more, unless a stage still may', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    await bench.reconcile(all);
    const [first = ''] = authorizerNames().filter((name) => name !== 'theirs');
    model().owner.deploy('test');
    const policies = [{ tokenPlace: { in: 'query', name: 'token' }, passThrough: false }] as const;
    const byQuery = { ...all, keyed: { policies, routes: [], authorizerCacheSeconds: 300 } };
    await bench.reconcile(byQuery);
    expect(authorizerNames()).toHaveLength(3);
    expect(authorizerNames()).toContain(first);
    model().owner.deploy('test');
    expect(await bench.reconcile(byQuery)).toMatchObject({ kind: 'attached', isChanged: true });
    expect(authorizerNames()).toHaveLength(2);
    expect(authorizerNames()).not.toContain(first);
    expectNothingWeakened(bench);
  });
});

describe('detach', () => {
  it('puts back exactly what was there', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    const before = bench.state() as { workingCopy: unknown; stages: readonly { serves: unknown }[] };
    await bench.reconcile({ ...all, stages: ['prod', 'test'] });
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    const after = bench.state() as typeof before;
    expect(after.workingCopy).toEqual(before.workingCopy);
    expect(after.stages.map(({ serves }) => serves)).toEqual(before.stages.map(({ serves }) => serves));
    expect(bench.journal.dump()).toEqual([]);
    expectNothingWeakened(bench);
  });

  it('publishes edits of others with a consent of its own', async () => {
    bench = await openBench();
    await bench.reconcile({ ...all, deployPendingChanges: true });
    model().owner.editWorkingCopy((definition) => {
      bench.scene.set(definition, 'PUT /orders/{id}');
    });
    const refused = { kind: 'refused', refusals: [{ code: 'pending_edits' }] };
    for (const dryRun of [true, false])
      expect(await bench.detach({ dryRun, deployPendingChanges: false })).toMatchObject(refused);
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'CUSTOM');
    // Unless it says otherwise, what the attachment's wish says holds.
    expect(await bench.detach({ dryRun: true })).toHaveProperty('kind', 'planned');
    expect(await bench.detach({ deployPendingChanges: true })).toHaveProperty('kind', 'detached');
    expect(served('PUT /orders/{id}')).toHaveProperty('authorizationType', 'NONE');
  });

  it('with deny leaves nothing open that was', async () => {
    bench = await openBench();
    await bench.reconcile({ ...all, onDetach: 'deny' });
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    for (const route of ['GET /orders', 'GET /orders/{id}', 'ANY /admin/{proxy+}'])
      expect(served(route), route).toHaveProperty('authorizationType', 'AWS_IAM');
    expect(served('DELETE /orders/{id}')).toHaveProperty('authorizerId', bench.scene.theirs.id);
    expect(served('OPTIONS /orders')).toHaveProperty('authorizationType', 'NONE');
    expect(authorizerNames()).toEqual(['theirs']);
    expectNothingWeakened(bench);
  });

  it('keeps an authorizer that another stage serves, and says which: deployed once, it ends', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    await bench.reconcile(all);
    model().owner.deploy('test');
    expect(await bench.detach()).toMatchObject({ kind: 'authorizer_in_use', stages: ['test'] });
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'NONE');
    expect(authorizerNames()).toHaveLength(2);
    expect(await bench.detach()).toMatchObject({ kind: 'authorizer_in_use', stages: ['test'] });
    model().owner.deploy('test');
    const { size } = model().api.deployments;
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    expect(model().api.deployments.size).toBe(size);
    expect(authorizerNames()).toEqual(['theirs']);
    expect(bench.journal.dump()).toEqual([]);
  });

  it('keeps it also where a canary may serve it', async () => {
    bench = await openBench({ stages: ['prod', 'test'] });
    await bench.reconcile(all);
    model().owner.deployCanary('test', 10);
    expect(await bench.detach()).toMatchObject({ kind: 'authorizer_in_use', stages: ['test'] });
    expectNothingWeakened(bench);
  });

  it('of an API that is gone leaves nothing behind', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const { controlPlane, ...rest } = bench.process();
    const gone = { ...controlPlane, getApi: async () => undefined };
    expect(await bench.detach({}, { ...rest, controlPlane: gone })).toEqual({ kind: 'not_attached' });
    expect(bench.journal.dump()).toEqual([]);
  });
});

describe('a dry run', () => {
  it('reads, plans and writes nothing', async () => {
    bench = await openBench();
    const before = bench.state();
    expect(await bench.reconcile(all, { dryRun: true })).toMatchObject({
      kind: 'planned',
      plan: { stages: ['prod'] },
    });
    expect(operations().every((operation) => operation.startsWith('Get'))).toBe(true);
    expect(bench.state()).toEqual(before);
    await bench.reconcile(all);
    const attached = bench.state();
    const calls = bench.calls();
    expect(await bench.detach({ dryRun: true })).toHaveProperty('kind', 'planned');
    expect(operations(calls).every((operation) => operation.startsWith('Get'))).toBe(true);
    expect(bench.state()).toEqual(attached);
  });

  it('takes no lease: another run is not held up', async () => {
    bench = await openBench();
    const { journal, ...rest } = bench.process();
    const untouched = { ...journal, claim: async () => expect.unreachable('claims') };
    const end = await bench.reconcile(
      all,
      { dryRun: true },
      { ...rest, journal: { ...journal, ...untouched } },
    );
    expect(end).toHaveProperty('kind', 'planned');
  });
});

it('an API that is not there is refused, and leaves nothing', async () => {
  bench = await openBench();
  for (const dryRun of [true, false]) {
    expect(await bench.reconcile({ ...all, restApiId: 'none' }, { dryRun })).toMatchObject({
      kind: 'refused',
      refusals: [{ code: 'api_not_found', subjects: ['none'] }],
    });
    expect(bench.journal.dump()).toEqual([]);
  }
});

describe('time', () => {
  it('is up between two calls; called again and again it comes to the same end', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const end = bench.state();
    await bench.close();

    bench = await openBench();
    const kinds: string[] = [];
    for (let run = 0; run < 40 && kinds.at(-1) !== 'attached'; run += 1) {
      const calls = bench.calls();
      const untilMs = bench.scene.clock.now() + 1_500;
      kinds.push((await bench.reconcile(all, { untilMs })).kind);
      expect(bench.calls() - calls).toBeLessThan(15);
    }
    expect(new Set(kinds.slice(0, -1))).toEqual(new Set(['unfinished']));
    expect(kinds.length).toBeGreaterThan(2);
    expect(kinds.at(-1)).toBe('attached');
    expect(bench.state()).toEqual(end);
    expectNothingWeakened(bench);
  });

  it('that is over already lets nothing begin', async () => {
    bench = await openBench();
    const untilMs = bench.scene.clock.now();
    expect(await bench.reconcile(all, { untilMs })).toEqual({ kind: 'unfinished' });
    expect(await bench.reconcile(all, { untilMs, dryRun: true })).toEqual({ kind: 'unfinished' });
    expect(bench.calls()).toBe(0);
    expect(bench.journal.dump()).toEqual([]);
  });

  it('ends with a signal too, and the next run need not wait', async () => {
    bench = await openBench();
    const stop = new AbortController();
    const tell = ({ step, done }: Step) => {
      if (step === 'method' && done === 2) stop.abort();
    };
    expect(await bench.reconcile(all, { signal: stop.signal, tell })).toEqual({ kind: 'unfinished' });
    expect(count('UpdateMethod')).toBe(3);
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
    expect(count('UpdateMethod')).toBe(6);
  });
});

it('tells of each step before it is taken', async () => {
  bench = await openBench();
  const steps: Step[] = [];
  await bench.reconcile(all, { tell: (step) => steps.push(step) });
  const methods = steps.filter(({ step }) => step === 'method');
  expect(methods.map(({ done, of }) => `${done}/${of}`)).toEqual(['0/6', '1/6', '2/6', '3/6', '4/6', '5/6']);
  expect(new Set(methods.map(({ subject }) => subject))).toContain('GET /orders');
  expect([...new Set(steps.map(({ step }) => step))]).toEqual([
    ...['read', 'journal', 'authorizer', 'method', 'deployment', 'verify', 'stage', 'flush'],
  ]);
});

describe('an API of many methods, under AWS’s quotas', () => {
  const throttled = () => model().log.filter(({ outcome }) => outcome === 429);

  it('is never throttled, and takes no more calls than it must', async () => {
    bench = await openLargeApi(300);
    const before = bench.scene.clock.now();
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
    expect(throttled()).toEqual([]);
    expect(count('UpdateMethod')).toBe(306);
    // Reads 5, an authorizer, a look and a change for each method, a deployment, its summary, reads 3, and 4 for the stage.
    expect(bench.calls()).toBe(5 + 1 + 2 * 306 + 1 + 1 + 3 + 4);
    expect((bench.scene.clock.now() - before) / 1_000).toBeLessThan(90);

    const calls = bench.calls();
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    expect(throttled()).toEqual([]);
    // The same without making an authorizer; then stages are read anew, and the authorizer removed.
    expect(bench.calls() - calls).toBe(5 + 2 * 306 + 1 + 1 + 3 + 4 + 2 + 1);
    expectNothingWeakened(bench);
  }, 60_000);

  it('of more than one page too', async () => {
    bench = await openLargeApi(1_200);
    expect(
      await bench.reconcile({ ...all, selectors: selectors('GET /things/7', 'GET /orders') }),
    ).toHaveProperty('kind', 'attached');
    expect(count('GetResources')).toBe(6);
    expect(throttled()).toEqual([]);
    expect(served('GET /things/7')).toHaveProperty('authorizationType', 'CUSTOM');
  }, 60_000);
});

it('works the same on a journal in DynamoDB', async () => {
  bench = await openBench({ stages: ['prod', 'test'] });
  const both = { ...all, stages: ['prod', 'test'] };
  const before = bench.state();
  const server = await startDynalite();
  const client = testClient(server.endpoint);
  await createJournalTable(client, 'journal');
  const journal = openJournal({ client, tableName: 'journal', now: bench.scene.clock.now });
  const dependencies = { ...bench.process(), journal };
  expect(await bench.reconcile(both, {}, dependencies)).toHaveProperty('isChanged', true);
  expect(await bench.reconcile(both, {}, dependencies)).toHaveProperty('isChanged', false);
  expect((await journal.read('api1'))?.methods).toHaveLength(6);
  expect(await bench.detach({}, dependencies)).toHaveProperty('kind', 'detached');
  expect(await journal.read('api1')).toBeUndefined();
  expect(bench.state()).toMatchObject({ workingCopy: (before as { workingCopy: unknown }).workingCopy });
  client.destroy();
  await server.close();
});
