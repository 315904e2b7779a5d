/** Others at work on the same API, and trouble that passes: nothing is published unseen, nobody is overrun. */
import { afterEach, describe, expect, it } from 'vitest';
import { LeaseLost } from '../../lambda/attachment/journal.ts';
import { outcome } from '../keys/support.ts';
import type { Operation } from '../support/control-plane/call.ts';
import { methodAt } from '../support/control-plane/definition.ts';
import { PASSING, type Trouble } from '../support/control-plane/trouble.ts';
import { alive, type Bench, killAt, LATER_MS, openBench, revive, troubleAt } from './bench.ts';
import { expectNothingWeakened } from './expectations.ts';
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
const uriOf = (route: string) => served(route)?.methodIntegration?.uri;
const writes = () => model().log.filter(({ operation }) => !operation.startsWith('Get'));

/** Somebody else acts right before the engine's n-th call of an operation. */
function actBefore(operation: Operation, act: () => void, nth = 1): void {
  let count = 0;
  model().trouble = (call) => {
    if (call.operation === operation) count += 1;
    if (call.operation === operation && count === nth) act();
    return undefined;
  };
}

const EDITED = 'https://edited.example.com';
const editPost = (uri = EDITED) =>
  model().owner.editWorkingCopy((definition) => {
    const method = methodAt(definition, 'POST /orders');
    if (method?.methodIntegration) method.methodIntegration.uri = uri;
  });

describe('edits that slip in', () => {
  it.each(['UpdateMethod', 'CreateDeployment', 'GetDeployment'] as const)(
    'before %s are not published',
    async (operation) => {
      bench = await openBench();
      const first = deployedId();
      actBefore(operation, () => editPost());
      expect(await bench.reconcile(all)).toEqual({ kind: 'changed_meanwhile', subjects: ['POST /orders'] });
      expect(deployedId()).toBe(first);
      expect(writes().filter(({ operation: name }) => name === 'UpdateStage')).toEqual([]);
      expectNothingWeakened(bench);

      model().trouble = () => undefined;
      const refused = await bench.reconcile(all);
      expect(refused).toMatchObject({ kind: 'refused', refusals: [{ code: 'pending_edits' }] });
      expect(await bench.reconcile({ ...all, deployPendingChanges: true })).toHaveProperty(
        'kind',
        'attached',
      );
      expect(uriOf('POST /orders')).toBe(EDITED);
      expectNothingWeakened(bench);
    },
  );

  it('and are taken back before the next run: a deployment that has them is not used', async () => {
    bench = await openBench();
    const uri = uriOf('POST /orders');
    actBefore('CreateDeployment', () => editPost());
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'changed_meanwhile');
    model().trouble = () => undefined;
    editPost(uri);
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
    expect(uriOf('POST /orders')).toBe(uri);
    expect(writes().filter(({ operation }) => operation === 'UpdateStage')).toHaveLength(1);
  });

  it('after the last look stay where they are, and go live with nobody’s deployment but their own', async () => {
    bench = await openBench();
    actBefore('UpdateStage', () => editPost());
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'CUSTOM');
    expect(uriOf('POST /orders')).not.toBe(EDITED);
    expectNothingWeakened(bench);
  });

  it('and are gone again before they are looked for: the stage is moved back', async () => {
    bench = await openBench();
    const first = deployedId();
    const uri = uriOf('POST /orders');
    model().trouble = ({ operation }) => {
      if (operation === 'CreateDeployment') editPost();
      if (operation === 'GetDeployment') editPost(uri);
      return undefined;
    };
    expect(await bench.reconcile(all)).toEqual({ kind: 'changed_meanwhile', subjects: ['POST /orders'] });
    expect(deployedId()).toBe(first);
    expect(model().api.flushed).toHaveLength(1);
    expectNothingWeakened(bench);
    model().trouble = () => undefined;
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
    expect(uriOf('POST /orders')).toBe(uri);
  });

  it('and are found by the run after one that was killed once it had moved the stage', async () => {
    bench = await openBench();
    const first = deployedId();
    const uri = uriOf('POST /orders');
    const dependencies = bench.process(alive());
    model().trouble = ({ operation }) => {
      if (operation === 'CreateDeployment') editPost();
      if (operation === 'GetDeployment') editPost(uri);
      return operation === 'UpdateStage' ? { lost: 'after', forGood: true } : undefined;
    };
    await outcome(bench.reconcile(all, {}, dependencies));
    expect(uriOf('POST /orders')).toBe(EDITED);
    revive(bench);
    expect(await bench.reconcile(all)).toEqual({ kind: 'changed_meanwhile', subjects: ['prod'] });
    expect(deployedId()).toBe(first);
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
    expect(uriOf('POST /orders')).toBe(uri);
    expectNothingWeakened(bench);
  });

  it('that open a method are seen before they are live', async () => {
    bench = await openBench();
    actBefore('CreateDeployment', () =>
      model().owner.editWorkingCopy((definition) => bench.scene.set(definition, 'GET /orders/{id}')),
    );
    const selected = { selectors: selectors('GET /orders') };
    expect(await bench.reconcile(selected)).toEqual({
      kind: 'changed_meanwhile',
      subjects: ['GET /orders/{id}'],
    });
    expectNothingWeakened(bench);
  });

  it('a method that is taken away meanwhile is no failure', async () => {
    bench = await openBench();
    actBefore('UpdateMethod', () =>
      model().owner.editWorkingCopy(({ resources }) => {
        for (const { path, methods } of resources.values()) if (path === '/orders') methods.delete('POST');
      }),
    );
    expect(await bench.reconcile(all)).toEqual({ kind: 'changed_meanwhile', subjects: ['POST /orders'] });
  });
});

describe('with leave to publish what is pending', () => {
  const leave = { ...all, deployPendingChanges: true };

  it('it is listed', async () => {
    bench = await openBench();
    editPost();
    const listed = [
      { code: 'pending_edits', subjects: ['POST /orders'], message: expect.stringContaining('uri') },
    ];
    const wish = { ...leave, selectors: selectors('GET /orders') };
    expect(await bench.reconcile(wish, { dryRun: true })).toHaveProperty('warnings', listed);
    expect(await bench.reconcile(wish)).toMatchObject({ kind: 'attached', warnings: listed });
    editPost('https://again.example.com');
    expect(await bench.detach()).toMatchObject({ kind: 'detached', warnings: listed });
  });

  it('what slips in goes live, but nobody’s protection does unseen', async () => {
    bench = await openBench();
    actBefore('CreateDeployment', () => editPost());
    expect(await bench.reconcile(leave)).toHaveProperty('kind', 'attached');
    expect(uriOf('POST /orders')).toBe(EDITED);
    await bench.close();
    bench = await openBench();
    actBefore('CreateDeployment', () =>
      model().owner.editWorkingCopy((definition) => bench.scene.set(definition, 'GET /orders/{id}')),
    );
    expect(await bench.reconcile({ ...leave, selectors: selectors('GET /orders') })).toEqual({
      kind: 'changed_meanwhile',
      subjects: ['GET /orders/{id}'],
    });
    expectNothingWeakened(bench);
  });

  it('the deployment of a run that was killed is not used for what came later', async () => {
    bench = await openBench();
    const death = alive();
    model().trouble = ({ operation }) => {
      if (operation !== 'UpdateStage') return undefined;
      death.isDead = true;
      return { lost: 'before', forGood: true };
    };
    await outcome(bench.reconcile(leave, {}, bench.process(death)));
    revive(bench);
    editPost();
    const functionArn = `${FUNCTION_ARN}:2`;
    expect(await bench.reconcile({ ...leave, handler: { functionArn } })).toHaveProperty('kind', 'attached');
    expect(uriOf('POST /orders')).toBe(EDITED);
    const definition = model().api.deployments.get(deployedId() ?? '')?.definition;
    const id = served('GET /orders')?.authorizerId ?? '';
    expect(definition?.authorizers.get(id)?.authorizerUri).toContain(`${functionArn}/`);
  });
});

describe('what the owner does to stages', () => {
  it.each(['UpdateMethod', 'CreateDeployment', 'GetStage'] as const)(
    'a deployment of the owner before %s is not taken back',
    async (operation) => {
      bench = await openBench();
      actBefore(operation, () => {
        editPost();
        model().owner.deploy('prod');
      });
      const first = await bench.reconcile(all);
      expect(first).toHaveProperty('kind', 'changed_meanwhile');
      expect(uriOf('POST /orders')).toBe(EDITED);
      model().trouble = () => undefined;
      expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
      expect(uriOf('POST /orders')).toBe(EDITED);
      expect(served('GET /orders')).toHaveProperty('authorizationType', 'CUSTOM');
      expectNothingWeakened(bench);
    },
  );

  describe('a deployment once the stage was moved', () => {
    const protectAndDeploy = () => {
      model().owner.editWorkingCopy((definition) => {
        bench.scene.set(definition, 'GET /health', { authorizationType: 'AWS_IAM' });
      });
      return model().owner.deploy('prod').id;
    };
    const few = { ...all, selectors: selectors('GET /orders') };

    it('is told, and not taken back', async () => {
      bench = await openBench();
      let own = '';
      model().trouble = ({ operation }) => {
        const isMoved = writes().some(({ operation: name }) => name === 'UpdateStage');
        if (operation === 'GetExport' && isMoved && own === '') own = protectAndDeploy();
        return undefined;
      };
      expect(await bench.reconcile(few)).toEqual({ kind: 'changed_meanwhile', subjects: ['GET /health'] });
      expect(deployedId()).toBe(own);
      expectNothingWeakened(bench);
      expect(await bench.reconcile(few)).toHaveProperty('kind', 'attached');
      expect(served('GET /health')).toHaveProperty('authorizationType', 'AWS_IAM');
      expectNothingWeakened(bench);
    });

    it('nor by the run after one that was killed there, while it reads', async () => {
      bench = await openBench();
      const death = alive();
      model().trouble = ({ operation }) => {
        if (operation !== 'UpdateStage') return undefined;
        death.isDead = true;
        return { lost: 'after', forGood: true };
      };
      await outcome(bench.reconcile(few, {}, bench.process(death)));
      revive(bench);
      let own = '';
      actBefore('GetExport', () => {
        own = protectAndDeploy();
      });
      expect(await bench.reconcile(few)).toEqual({ kind: 'changed_meanwhile', subjects: ['prod'] });
      expect(deployedId()).toBe(own);
      expectNothingWeakened(bench);
    });
  });

  describe('a deployment between a kill and the next run', () => {
    /** As far as a deployment that no stage serves yet. */
    async function killedBeforeMoving() {
      bench = await openBench();
      const death = alive();
      model().trouble = ({ operation }) => {
        if (operation !== 'UpdateStage') return undefined;
        death.isDead = true;
        return { lost: 'before', forGood: true };
      };
      await outcome(bench.reconcile(all, {}, bench.process(death)));
      revive(bench);
      // Something that no export tells.
      model().owner.editWorkingCopy((definition) => {
        definition.apiKeySource = 'AUTHORIZER';
      });
    }
    const servedKeySource = () => model().api.deployments.get(deployedId() ?? '')?.definition.apiKeySource;

    it('with the attachment in it is all that it takes', async () => {
      await killedBeforeMoving();
      const own = model().owner.deploy('prod');
      expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
      expect(deployedId()).toBe(own.id);
      // Nothing is about to be moved any more: a later rollback of the owner is none of the engine's doing.
      expect(JSON.stringify(bench.journal.dump())).not.toContain('moving');
    });

    it('without it: the older one of the engine would take it back, and is not used', async () => {
      await killedBeforeMoving();
      const authorizerId = methodAt(model().api.definition, 'GET /orders')?.authorizerId ?? '';
      const { owner } = model();
      owner.editWorkingCopy((definition) => bench.scene.set(definition, 'GET /orders'));
      owner.deploy('prod');
      owner.editWorkingCopy((definition) => {
        bench.scene.set(definition, 'GET /orders', { authorizationType: 'CUSTOM', authorizerId });
      });
      expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
      expect(served('GET /orders')).toHaveProperty('authorizationType', 'CUSTOM');
      expect(servedKeySource()).toBe('AUTHORIZER');
    });
  });

  it('a canary is refused, and one that begins meanwhile is not overrun', async () => {
    bench = await openBench();
    actBefore('GetStage', () => model().owner.deployCanary('prod', 10));
    expect(await bench.reconcile(all)).toEqual({ kind: 'changed_meanwhile', subjects: ['prod'] });
    model().trouble = () => undefined;
    const canary = model().api.stages.get('prod');
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'refused', refusals: [{ code: 'canary' }] });
    expect(model().api.stages.get('prod')).toEqual(canary);
  });

  it('a rollback is made good by the next run', async () => {
    bench = await openBench();
    const first = deployedId();
    await bench.reconcile(all);
    model().owner.rollbackStage('prod', first ?? '');
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'NONE');
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'attached', isChanged: true });
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'CUSTOM');
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'attached', isChanged: false });
  });

  it('a stage that is gone is refused', async () => {
    bench = await openBench();
    const wish = { ...all, stages: ['prod', 'none'] };
    expect(await bench.reconcile(wish)).toMatchObject({
      kind: 'refused',
      refusals: [{ code: 'stage_not_found' }],
    });
    expect(bench.journal.dump()).toEqual([]);
    expect(writes()).toEqual([]);
  });
});

describe('what the owner sets before a method between the reading and the change of it', () => {
  const few = { ...all, selectors: selectors('GET /orders', 'POST /orders') };
  const protect = () =>
    model().owner.editWorkingCopy((definition) => {
      const method = methodAt(definition, 'POST /orders');
      if (method === undefined) throw new Error('no such method');
      method.authorizationType = 'AWS_IAM';
      delete method.authorizerId;
    });
  const typeNow = () => methodAt(model().api.definition, 'POST /orders')?.authorizationType;

  it.each(['GetStages', 'CreateAuthorizer', 'UpdateMethod'] as const)(
    'by %s, is what a detachment gives back',
    async (operation) => {
      bench = await openBench();
      actBefore(operation, protect);
      expect(await bench.reconcile(few)).toEqual({ kind: 'changed_meanwhile', subjects: ['POST /orders'] });
      expect(typeNow()).toBe('AWS_IAM');
      model().trouble = () => undefined;
      model().owner.deploy('prod');
      expect(await bench.reconcile(few)).toHaveProperty('kind', 'attached');
      expect(typeNow()).toBe('CUSTOM');
      expect(await bench.detach()).toHaveProperty('kind', 'detached');
      expect(typeNow()).toBe('AWS_IAM');
      expect(served('POST /orders')).toHaveProperty('authorizationType', 'AWS_IAM');
    },
  );

  it('is not overwritten by a detachment', async () => {
    bench = await openBench();
    await bench.reconcile(few);
    actBefore('UpdateMethod', protect);
    expect(await bench.detach()).toEqual({ kind: 'changed_meanwhile', subjects: ['POST /orders'] });
    expect(typeNow()).toBe('AWS_IAM');
    model().trouble = () => undefined;
    model().owner.deploy('prod');
    expect(await bench.detach()).toMatchObject({
      kind: 'detached',
      warnings: [{ code: 'changed_by_other' }],
    });
    expect(served('POST /orders')).toHaveProperty('authorizationType', 'AWS_IAM');
  });
});

describe('a detachment', () => {
  it('does not open what a stage has protected otherwise since its owner moved it', async () => {
    bench = await openBench();
    const { owner } = model();
    const few = { ...all, selectors: selectors('GET /health') };
    const more = { ...all, selectors: selectors('GET /health', 'GET /orders') };
    const setOrders = (authorizationType: string) => {
      owner.editWorkingCopy((definition) =>
        bench.scene.set(definition, 'GET /orders', { authorizationType }),
      );
      owner.deploy('prod');
    };
    setOrders('AWS_IAM');
    await bench.reconcile(few);
    const partly = deployedId() ?? '';
    setOrders('NONE');
    await bench.reconcile(more);
    owner.rollbackStage('prod', partly);
    expect(await bench.detach()).toMatchObject({
      refusals: [{ code: 'pending_edits', subjects: ['GET /orders'] }],
    });
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'AWS_IAM');
    expectNothingWeakened(bench);
    // Attached, it is as protected as ever.
    expect(await bench.reconcile(more)).toHaveProperty('kind', 'attached');
    expectNothingWeakened(bench);
  });

  it('takes no authorizer of another kind for the one that was there', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const { id, authorizerUri: _, ...rest } = bench.scene.theirs;
    const pool = { type: 'COGNITO_USER_POOLS', authType: 'cognito_user_pools', providerARNs: [POOL_ARN] };
    model().owner.editWorkingCopy(({ authorizers }) => {
      authorizers.delete(id);
      authorizers.set('pool', { ...rest, ...pool, id: 'pool' });
    });
    const before = bench.state();
    expect(await bench.detach()).toMatchObject({
      refusals: [{ code: 'prior_authorizer_gone', subjects: ['DELETE /orders/{id}'] }],
    });
    expect(bench.state()).toEqual(before);
  });

  const POOL_ARN = 'arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a';
});

describe('a stage that serves other methods than the working copy has', () => {
  it('one that is meant, open, and taken away without a deployment', async () => {
    bench = await openBench();
    await bench.reconcile(all);
    const { owner } = model();
    owner.editWorkingCopy((definition) => bench.scene.set(definition, 'GET /new'));
    owner.deploy('prod');
    owner.editWorkingCopy(({ resources }) => {
      for (const { path, methods } of resources.values()) if (path === '/new') methods.clear();
    });
    const refused = await bench.reconcile(all);
    expect(refused).toMatchObject({ refusals: [{ code: 'pending_edits', subjects: ['GET /new'] }] });
    expect(await bench.reconcile({ ...all, deployPendingChanges: true })).toHaveProperty('kind', 'attached');
    expect(served('GET /new')).toBeUndefined();
  });

  it('a catch-all, open, that answers what is selected until that is deployed', async () => {
    bench = await openBench();
    const { owner } = model();
    owner.editWorkingCopy((definition) => bench.scene.set(definition, 'ANY /{proxy+}'));
    owner.deploy('prod');
    owner.editWorkingCopy((definition) => bench.scene.set(definition, 'ANY /new'));
    const wish = { selectors: selectors('ANY /new') };
    const refused = await bench.reconcile(wish);
    expect(refused).toMatchObject({ refusals: [{ code: 'pending_edits', subjects: ['ANY /new'] }] });
    owner.deploy('prod');
    expect(await bench.reconcile(wish)).toHaveProperty('kind', 'attached');
    expect(served('ANY /new')).toHaveProperty('authorizationType', 'CUSTOM');
    expect(await bench.reconcile(wish)).toHaveProperty('isChanged', false);
  });
});

describe('an import gives everything new ids', () => {
  const reimport = () => {
    const { owner, api, newId } = model();
    const { id: _, ...authorizer } = bench.scene.theirs;
    owner.reimport((definition) => {
      const id = newId();
      definition.authorizers.set(id, { ...authorizer, id });
      for (const { path, methods } of api.definition.resources.values())
        for (const { authorizerId, ...method } of methods.values())
          bench.scene.set(definition, `${method.httpMethod} ${path}`, {
            ...method,
            ...asWritten(`${method.httpMethod} ${path}`, id),
          });
    });
  };
  /** As the owner's file has them, who knows nothing of an attachment. */
  const asWritten = (route: string, id: string) => {
    if (route === 'GET /orders/{id}') return { authorizationType: 'AWS_IAM' };
    if (route === 'DELETE /orders/{id}') return { authorizationType: 'CUSTOM', authorizerId: id };
    return { authorizationType: 'NONE' };
  };

  it('and opens what was protected: the next run protects it again, and detaching finds the prior authorizer', async () => {
    bench = await openBench();
    const before = bench.state() as { stages: readonly { serves: unknown }[] };
    await bench.reconcile(all);
    reimport();
    model().owner.deploy('prod');
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'NONE');
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'attached', isChanged: true });
    for (const route of ['GET /orders', 'GET /orders/{id}', 'DELETE /orders/{id}'])
      expect(served(route)).toHaveProperty('authorizationType', 'CUSTOM');
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    const after = bench.state() as typeof before;
    expect(after.stages[0]?.serves).toEqual(before.stages[0]?.serves);
    expect(after).toHaveProperty('journal', []);
    expectNothingWeakened(bench);
  });

  it('between a kill and the next run too', async () => {
    bench = await openBench();
    await outcome(bench.reconcile(all, {}, killAt(bench, 10, 'after')));
    revive(bench);
    reimport();
    expect(await bench.reconcile(all)).toMatchObject({ kind: 'attached', isChanged: true });
    expect(served('DELETE /orders/{id}')?.authorizerId).toBe(served('GET /orders')?.authorizerId);
    expect(await bench.detach()).toHaveProperty('kind', 'detached');
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'NONE');
    expectNothingWeakened(bench);
  });
});

describe('answers that lag behind writes', () => {
  it('are asked for again before a stage is moved back', async () => {
    bench = await openBench();
    const dependencies = bench.process();
    const { controlPlane } = dependencies;
    const old = await controlPlane.getExport('api1', 'prod');
    let late = 3;
    const lagging = {
      ...controlPlane,
      getSummary: async (...input: Parameters<typeof controlPlane.getSummary>) => {
        late -= 1;
        return late > 0 ? undefined : controlPlane.getSummary(...input);
      },
      moveStage: async (...input: Parameters<typeof controlPlane.moveStage>) => {
        late = 3;
        await controlPlane.moveStage(...input);
      },
      getExport: async (...input: Parameters<typeof controlPlane.getExport>) => {
        late -= 1;
        return late > 0 ? old : controlPlane.getExport(...input);
      },
    };
    const end = await bench.reconcile(all, {}, { ...dependencies, controlPlane: lagging });
    expect(end).toHaveProperty('kind', 'attached');
    expect(writes().filter(({ operation }) => operation === 'UpdateStage')).toHaveLength(1);
  });

  it('but not for ever', async () => {
    bench = await openBench();
    const first = deployedId();
    const dependencies = bench.process();
    const { controlPlane } = dependencies;
    const old = await controlPlane.getExport('api1', 'prod');
    const stuck = { ...controlPlane, getExport: async () => old };
    const end = await bench.reconcile(all, {}, { ...dependencies, controlPlane: stuck });
    expect(end).toHaveProperty('kind', 'changed_meanwhile');
    expect(deployedId()).toBe(first);
    expectNothingWeakened(bench);
  });
});

describe('two at once', () => {
  it('the second is told how long the first has it', async () => {
    bench = await openBench();
    const dependencies = bench.process();
    const { controlPlane } = dependencies;
    const found: unknown[] = [];
    const slow = {
      ...controlPlane,
      createDeployment: async (...input: Parameters<typeof controlPlane.createDeployment>) => {
        const calls = bench.calls();
        found.push(await bench.reconcile(all), await bench.detach());
        expect(bench.calls()).toBe(calls);
        return controlPlane.createDeployment(...input);
      },
    };
    const first = await bench.reconcile(all, {}, { ...dependencies, controlPlane: slow });
    expect(first).toHaveProperty('kind', 'attached');
    expect(found).toEqual([
      { kind: 'busy', untilMs: expect.any(Number) },
      { kind: 'busy', untilMs: expect.any(Number) },
    ]);
  });

  it('a run that was silent for too long changes nothing any more', async () => {
    bench = await openBench();
    const dependencies = bench.process();
    const { controlPlane } = dependencies;
    let hasSlept = false;
    const slow = {
      ...controlPlane,
      updateMethod: async (...input: Parameters<typeof controlPlane.updateMethod>) => {
        const isThere = await controlPlane.updateMethod(...input);
        if (hasSlept) return isThere;
        hasSlept = true;
        bench.scene.clock.pass(LATER_MS);
        expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
        expect(await bench.detach()).toHaveProperty('kind', 'detached');
        return isThere;
      },
    };
    const first = bench.reconcile(all, {}, { ...dependencies, controlPlane: slow });
    expect(await outcome(first)).toBeInstanceOf(LeaseLost);
    expect(bench.journal.dump()).toEqual([]);
    expect(served('GET /orders')).toHaveProperty('authorizationType', 'NONE');
    expect(methodAt(model().api.definition, 'GET /orders')).toHaveProperty('authorizationType', 'NONE');
  });

  it('a run of an hour keeps its lease', async () => {
    bench = await openBench();
    model().trouble = () => ({ slowMs: 80_000 });
    expect(await bench.reconcile(all)).toHaveProperty('kind', 'attached');
  });
});

describe('another’s journal', () => {
  it('is refused, and nothing is written', async () => {
    bench = await openBench();
    await bench.reconcile({ ...all, owner: 'another' });
    const before = bench.state();
    expect(await bench.reconcile(all)).toMatchObject({
      kind: 'refused',
      refusals: expect.arrayContaining([
        expect.objectContaining({ code: 'foreign_journal', subjects: ['another'] }),
      ]),
    });
    expect(await bench.detach()).toEqual({ kind: 'not_attached', owner: 'another' });
    expect(bench.state()).toEqual(before);
  });

  it('none at all: a detachment does nothing and calls nobody', async () => {
    bench = await openBench();
    expect(await bench.detach()).toEqual({ kind: 'not_attached' });
    expect(bench.calls()).toBe(0);
  });
});

describe('trouble that passes', () => {
  const troubles: [string, Trouble][] = [
    ...Object.entries(PASSING),
    ['lost before', { lost: 'before' }],
    ['lost after', { lost: 'after' }],
    ['slow', { slowMs: 14_000 }],
  ];
  const selected = { ...all, selectors: selectors('GET /orders', 'DELETE /orders/{id}') };

  it.each(troubles)(
    '%s, at any call',
    async (_, trouble) => {
      bench = await openBench();
      await bench.reconcile(selected);
      const calls = bench.calls();
      const end = bench.state();
      for (let index = 1; index <= calls; index += 1) {
        await bench.close();
        bench = await openBench();
        model().trouble = troubleAt(0, index, trouble);
        expect(await bench.reconcile(selected), `call ${index}`).toHaveProperty('kind', 'attached');
        expect(bench.state(), `call ${index}`).toEqual(end);
        expectNothingWeakened(bench);
      }
    },
    60_000,
  );
});
