import { describe, expect, it, test } from 'vitest';
import type { JournalState } from '../../lambda/attachment/journal.ts';
import { prefixOf } from '../../lambda/attachment/naming.ts';
import type { Finding, Planned } from '../../lambda/attachment/plan.ts';
import type { Wish } from '../../lambda/attachment/wish.ts';
import { methodAt, setAuthorizer } from '../support/control-plane/definition.ts';
import type { ControlPlaneModel } from '../support/control-plane/model.ts';
import type { Definition } from '../support/control-plane/shapes.ts';
import { attach, detach } from './apply-plan.ts';
import { liveOf } from './live-model.ts';
import { everyKind, modelOf, set, theirs } from './model-scene.ts';
import { selectors, wishOf } from './wishes.ts';

const TOKEN = `${prefixOf(wishOf().owner)}Token`;
const ORDERS = wishOf({ selectors: selectors('ANY /orders', 'GET /health') });

const told = (findings: readonly Finding[]) =>
  findings.map(({ code, subjects }) => [code, ...subjects].join(' '));
const refusals = (planned: Planned) => (planned.kind === 'refused' ? told(planned.refusals) : []);
const warnings = (planned: Planned) => told(planned.warnings);

/** @throws Error when it is refused */
function planOf(planned: Planned) {
  if (planned.kind === 'refused') throw new Error(refusals(planned).join('; '));
  return planned.plan;
}

async function attached(
  model: ControlPlaneModel,
  wish = ORDERS,
  journal?: JournalState,
): Promise<JournalState> {
  const { planned, journal: after } = await attach(model, wish, journal);
  planOf(planned);
  if (after === undefined) throw new Error('no journal');
  return after;
}

/** What stands before each method that a stage serves. */
async function served(model: ControlPlaneModel, stageName = 'prod') {
  const { stages } = await liveOf(model);
  const { methods } = stages.find((stage) => stage.stageName === stageName)?.snapshot ?? {
    methods: new Map(),
  };
  return Object.fromEntries(
    [...methods].map(([route, { authorizationType, authorizerName }]) => [
      route,
      authorizerName ?? authorizationType,
    ]),
  );
}

const edit = (model: ControlPlaneModel, route: string, change: Parameters<typeof set>[2]) =>
  model.owner.editWorkingCopy((definition) => {
    const found = methodAt(definition, route);
    if (found === undefined) throw new Error(`no ${route}`);
    delete found.authorizerId;
    Object.assign(found, change);
  });

describe('an attachment', () => {
  it('protects what is selected, and nothing else', async () => {
    const model = modelOf(everyKind);
    const before = await served(model);
    const { planned } = await attach(model, ORDERS);
    expect(planOf(planned)).toMatchObject({
      remember: [
        { httpMethod: 'GET', path: '/health', prior: { authorizationType: 'NONE' } },
        { httpMethod: 'GET', path: '/orders', prior: { authorizationType: 'NONE' } },
        { httpMethod: 'POST', path: '/orders', prior: { authorizationType: 'NONE' } },
      ],
      authorizers: [{ name: TOKEN, type: 'TOKEN' }],
      stages: ['prod'],
      forget: [],
      retire: [],
    });
    expect(await served(model)).toEqual({
      ...before,
      'GET /health': TOKEN,
      'GET /orders': TOKEN,
      'POST /orders': TOKEN,
    });
  });

  it('shows afterwards what it intended, to the last setting', async () => {
    const model = modelOf(everyKind);
    const { planned } = await attach(model, ORDERS);
    const { workingCopy, stages } = await liveOf(model);
    expect(planOf(planned).intended.methods).toEqual(workingCopy.snapshot.methods);
    expect(planOf(planned).intended.methods).toEqual(stages[0]?.snapshot.methods);
    expect(stages[0]?.snapshot.authorizers.get(TOKEN)).toEqual(
      planOf(planned).intended.authorizers.get(TOKEN),
    );
  });

  it('changes nothing the second time', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    const { planned } = await attach(model, ORDERS, journal);
    expect(planOf(planned)).toMatchObject({
      remember: [],
      authorizers: [],
      methods: [],
      stages: [],
      forget: [],
      retire: [],
    });
    expect(model.api.deployments.size).toBe(2);
  });

  it('moves to another version of the function in place', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    const handler = { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:authorizer:2' };
    const { planned } = await attach(model, { ...ORDERS, handler }, journal);
    const id = [...model.api.definition.authorizers.values()].find(({ name }) => name === TOKEN)?.id;
    expect(id).toBeTypeOf('string');
    expect(planOf(planned)).toMatchObject({
      authorizers: [{ id, authorizerUri: expect.stringContaining(':2/') }],
      methods: [],
      stages: ['prod'],
    });
  });

  it('moves with the selection, and gives back what is no longer selected', async () => {
    const model = modelOf(everyKind);
    const before = await served(model);
    const first = await attached(model, wishOf({ selectors: selectors('DELETE /orders/*'), takeOver: true }));
    const moved = await attached(model, wishOf({ selectors: selectors('GET /health') }), first);
    expect(await served(model)).toEqual({ ...before, 'GET /health': TOKEN });
    expect(moved.methods.map(({ path }) => path)).toEqual(['/health']);
  });

  it('gets another authorizer where answers are kept otherwise, and retires the old one', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    const routes = [{ paths: ['/orders'], scopes: ['orders'] }];
    const { planned } = await attach(model, { ...ORDERS, keyed: { ...ORDERS.keyed, routes } }, journal);
    expect(planOf(planned)).toMatchObject({
      remember: [],
      authorizers: [{ name: TOKEN.replace(/Token$/, 'Route'), type: 'REQUEST' }],
      stages: ['prod'],
      retire: [{ name: TOKEN }],
    });
  });

  it('protects again what its owner opened, and remembers what the owner made of it', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    edit(model, 'GET /orders', { authorizationType: 'NONE' });
    edit(model, 'GET /health', { authorizationType: 'AWS_IAM' });
    model.owner.deploy('prod');
    const { planned } = await attach(model, { ...ORDERS, takeOver: true }, journal);
    expect(planOf(planned)).toMatchObject({
      remember: [{ path: '/health', prior: { authorizationType: 'AWS_IAM' } }],
      stages: ['prod'],
    });
    expect(planOf(planned).methods).toHaveLength(2);
  });

  it('finds its way after an import gave everything new ids', async () => {
    const model = modelOf(everyKind);
    const before = await served(model);
    const wish = wishOf({ selectors: selectors('DELETE /orders/*'), takeOver: true });
    const journal = await attached(model, wish);
    model.owner.reimport(everyKind);
    model.owner.deploy('prod');
    const again = await attached(model, wish, journal);
    expect((await served(model))['DELETE /orders/{id}']).toBe(TOKEN);
    planOf(await detach(model, again));
    expect(await served(model)).toEqual(before);
  });

  it('does not undeploy what it protected in a stage that has all of it', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    model.owner.editWorkingCopy((definition) => set(definition, 'PUT /orders'));
    const { planned } = await attach(model, ORDERS, journal);
    expect(planOf(planned)).toMatchObject({ stages: [], methods: [{ method: { httpMethod: 'PUT' } }] });
  });
});

describe('an attachment is refused', () => {
  type Case = readonly [string, (definition: Definition) => void, Partial<Wish>, readonly string[]];
  const orders = { selectors: ORDERS.selectors };

  test.each<Case>([
    [
      'to a stage that is not there',
      () => undefined,
      { ...orders, stages: ['prod', 'test'] },
      ['stage_not_found test'],
    ],
    [
      'where something else protects a method',
      () => undefined,
      { selectors: selectors('ANY /orders/*', 'GET /pool') },
      [
        'protected_by_other GET /orders/{id}',
        'protected_by_other DELETE /orders/{id}',
        'protected_by_other GET /pool',
      ],
    ],
    [
      'where another attachment protects a method, also with takeOver',
      (definition) => {
        const { id } = theirs(definition, 'jwt-authorizer-00000000-Token');
        set(definition, 'GET /orders', { authorizationType: 'CUSTOM', authorizerId: id });
      },
      { ...orders, takeOver: true },
      ['attached_elsewhere GET /orders'],
    ],
    [
      'where there are ten authorizers',
      (definition) => {
        for (let i = definition.authorizers.size; i < 10; i++) theirs(definition, `theirs${i}`);
      },
      orders,
      [`too_many_authorizers ${TOKEN}`],
    ],
    [
      'for every reason at once',
      () => undefined,
      { selectors: selectors('GET /pool', 'GET /nowhere', 'GET /admin/*'), stages: ['test'] },
      [
        'selector_matches_nothing GET /nowhere',
        'selector_splits_method ANY /admin/{proxy+}',
        'protected_by_other GET /pool',
        'stage_not_found test',
      ],
    ],
  ])('%s', async (_, build, wish, expected) => {
    const model = modelOf((definition) => {
      everyKind(definition);
      build(definition);
    });
    expect(refusals((await attach(model, wishOf(wish))).planned)).toEqual(expected);
  });

  it('not where there are nine authorizers, nor where all are there', async () => {
    const model = modelOf((definition) => {
      everyKind(definition);
      for (let i = definition.authorizers.size; i < 9; i++) theirs(definition, `theirs${i}`);
    });
    const journal = await attached(model);
    expect(model.api.definition.authorizers.size).toBe(10);
    await attached(model, ORDERS, journal);
  });

  it('on a canary', async () => {
    const model = modelOf(everyKind);
    model.owner.deployCanary('prod', 10);
    expect(refusals((await attach(model, ORDERS)).planned)).toEqual(['canary prod']);
  });

  it('with the journal of another owner', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    const { planned } = await attach(model, { ...ORDERS, owner: 'another' }, journal);
    expect(refusals(planned)).toContain(`foreign_journal ${ORDERS.owner}`);
  });

  it('where it would publish what others left undeployed, unless that is wished', async () => {
    const model = modelOf(everyKind);
    model.owner.editWorkingCopy((definition) => set(definition, 'GET /debug'));
    edit(model, 'GET /orders/{id}', { authorizationType: 'NONE' });
    expect(refusals((await attach(model, ORDERS)).planned)).toEqual([
      'pending_edits GET /debug GET /orders/{id}',
    ]);
    const { planned } = await attach(model, { ...ORDERS, deployPendingChanges: true });
    expect(planOf(planned).stages).toEqual(['prod']);
  });

  it('also where they opened what is selected: it would be opened by the detachment', async () => {
    const model = modelOf(everyKind);
    edit(model, 'GET /orders/{id}', { authorizationType: 'NONE' });
    const wish = wishOf({ selectors: selectors('GET /orders/{id}') });
    expect(refusals((await attach(model, wish)).planned)).toEqual(['pending_edits GET /orders/{id}']);
  });

  it('but not by what it did itself, killed halfway', async () => {
    const model = modelOf(everyKind);
    const { journal } = await attach(modelOf(everyKind), ORDERS);
    setAuthorizer(model.api.definition, {
      ...{ id: 'ours', name: TOKEN, type: 'TOKEN', authType: 'custom', authorizerUri: 'half' },
    });
    edit(model, 'GET /orders', { authorizationType: 'CUSTOM', authorizerId: 'ours' });
    const { planned } = await attach(model, ORDERS, journal);
    expect(planOf(planned)).toMatchObject({ remember: [], authorizers: [{ id: 'ours' }], stages: ['prod'] });
    expect(planOf(planned).methods).toHaveLength(2);
  });
});

describe('a resource policy', () => {
  const allow = (statement: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*', ...statement },
      ],
    });
  const withPolicy = (policy: string) =>
    modelOf((definition) => {
      everyKind(definition);
      definition.policy = policy;
    });
  const FROM_OFFICE = allow({ Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } } });

  it('that allows somebody only is refused where it was the only gate', async () => {
    expect(refusals((await attach(withPolicy(FROM_OFFICE), ORDERS)).planned)).toEqual([
      'conditional_resource_policy GET /health GET /orders POST /orders',
    ]);
  });

  it('or was a gate of its own, beside a user pool', async () => {
    const wish = wishOf({ selectors: selectors('GET /pool'), takeOver: true });
    expect(refusals((await attach(withPolicy(FROM_OFFICE), wish)).planned)).toEqual([
      'conditional_resource_policy GET /pool',
    ]);
  });

  it('and not where it was combined with an authorizer already', async () => {
    const wish = wishOf({ selectors: selectors('DELETE /orders/*'), takeOver: true });
    expect(refusals((await attach(withPolicy(FROM_OFFICE), wish)).planned)).toEqual([]);
  });

  it('that allows everybody, and denies some, is no reason', async () => {
    const { planned } = await attach(withPolicy(allow({})), ORDERS);
    expect([refusals(planned), warnings(planned)]).toEqual([[], []]);
  });

  it('that allows nobody is told', async () => {
    const { planned } = await attach(withPolicy(allow({ Effect: 'Deny' })), ORDERS);
    expect(warnings(planned)).toEqual(['policy_allows_nobody GET /health GET /orders POST /orders']);
  });
});

describe('an attachment warns about', () => {
  it('stages that inherit it, and tracing of data', async () => {
    const model = modelOf(everyKind, ['prod', 'test']);
    model.owner.setStage('prod', { methodSettings: { '*/*': { dataTraceEnabled: true } } });
    const { planned } = await attach(model, ORDERS);
    expect(warnings(planned)).toEqual(['data_tracing prod', 'stage_inherits test']);
  });

  it('a stage that it leaves', async () => {
    const model = modelOf(everyKind, ['prod', 'test']);
    const both = { ...ORDERS, stages: ['prod', 'test'] };
    const journal = await attached(model, both);
    const { planned } = await attach(model, ORDERS, journal);
    expect(warnings(planned)).toEqual(['stage_left test']);
    expect(planOf(planned).stages).toEqual([]);
    expect((await served(model, 'test'))['GET /orders']).toBe(TOKEN);
  });

  it('our authorizer on a method of which nothing is known', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    const { planned } = await attach(model, ORDERS, { ...journal, methods: journal.methods.slice(1) });
    expect(warnings(planned)).toEqual(['prior_unknown GET /health']);
    expect(planOf(planned).remember).toMatchObject([{ prior: { authorizationType: 'AWS_IAM' } }]);
  });
});

describe('a detachment', () => {
  const all = wishOf({ takeOver: true });

  it('puts back what was there', async () => {
    const model = modelOf(everyKind);
    const before = [...(await liveOf(model)).workingCopy.snapshot.methods];
    const journal = await attached(model, all);
    const planned = await detach(model, journal);
    expect(planOf(planned)).toMatchObject({ stages: ['prod'], retire: [{ name: TOKEN }] });
    const { workingCopy, stages } = await liveOf(model);
    expect([...workingCopy.snapshot.methods]).toEqual(before);
    expect(stages[0]?.snapshot.methods).toEqual(workingCopy.snapshot.methods);
    expect(workingCopy.authorizers.map(({ name }) => name)).not.toContain(TOKEN);
  });

  it('asks for IAM where there was nothing, if it is to deny', async () => {
    const model = modelOf(everyKind);
    const before = await served(model);
    planOf(await detach(model, await attached(model, { ...all, onDetach: 'deny' })));
    const after = await served(model);
    for (const [route, was] of Object.entries(before))
      expect([route, after[route]]).toEqual([
        route,
        was === 'NONE' && !route.startsWith('OPTIONS') ? 'AWS_IAM' : was,
      ]);
  });

  it('changes nothing the second time', async () => {
    for (const onDetach of ['restore', 'deny'] as const) {
      const model = modelOf(everyKind);
      const journal = await attached(model, { ...all, onDetach });
      planOf(await detach(model, journal));
      const planned = await detach(model, { ...journal, phase: 'detaching' });
      expect(planOf(planned)).toMatchObject({ methods: [], stages: [], retire: [] });
      expect(warnings(planned)).toEqual([]);
    }
  });

  it('leaves what somebody changed, and says so', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    edit(model, 'GET /orders', { authorizationType: 'AWS_IAM' });
    model.owner.deploy('prod');
    const planned = await detach(model, journal);
    expect(warnings(planned)).toEqual(['changed_by_other GET /orders']);
    expect((await served(model))['GET /orders']).toBe('AWS_IAM');
    expect((await served(model))['GET /health']).toBe('NONE');
  });

  it('is refused by edits of others, by a canary, and by an authorizer that is gone', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model, all);
    model.owner.editWorkingCopy((definition) => {
      set(definition, 'GET /debug');
      for (const [id, { name }] of definition.authorizers)
        if (name === 'theirs') definition.authorizers.delete(id);
    });
    model.owner.deployCanary('prod', 1);
    expect(refusals(await detach(model, journal))).toEqual([
      'prior_authorizer_gone DELETE /orders/{id}',
      'canary prod',
      'pending_edits GET /debug',
    ]);
  });

  it('does not deploy to a stage that serves nothing of it any more', async () => {
    const model = modelOf(everyKind);
    const [first = ''] = model.api.deployments.keys();
    const journal = await attached(model);
    model.owner.rollbackStage('prod', first);
    expect(planOf(await detach(model, journal))).toMatchObject({ stages: [], retire: [{ name: TOKEN }] });
    expect(
      (await liveOf(model)).workingCopy.methods.map(({ authorizationType }) => authorizationType),
    ).toContain('NONE');
  });

  it('leaves no method with an authorizer that will be gone', async () => {
    const model = modelOf(everyKind);
    const journal = await attached(model);
    const planned = await detach(model, { ...journal, methods: journal.methods.slice(1) });
    expect(warnings(planned)).toEqual(['prior_unknown GET /health']);
    expect((await served(model))['GET /health']).toBe('AWS_IAM');
  });
});
