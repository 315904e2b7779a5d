/** The schedule's look at an API that was attached, on the model of API Gateway. */
import { afterEach, describe, expect, it } from 'vitest';
import { ControlPlaneUnavailable } from '../../lambda/attachment/control-plane.ts';
import { createDriftCheck, type DriftCheckDependencies } from '../../lambda/attachment/drift-check.ts';
import { readLive } from '../../lambda/attachment/read-live.ts';
import { reattach } from '../../lambda/attachment/reconcile.ts';
import { outcome } from '../keys/support.ts';
import { type Bench, openBench } from './bench.ts';
import { expectNothingWeakened } from './expectations.ts';
import { selectors } from './wishes.ts';

const WISH = { stages: ['prod'], takeOver: true, selectors: selectors('ANY /orders', 'ANY /admin/{proxy+}') };

const opened: Bench[] = [];
afterEach(async () => {
  for (const bench of opened.splice(0)) await bench.close();
});

async function attached() {
  const bench = await openBench();
  opened.push(bench);
  const before = bench.scene.model.api.stages.get('prod')?.deploymentId ?? '';
  expect((await bench.reconcile(WISH)).kind).toBe('attached');
  return { bench, before, model: bench.scene.model };
}

/** One look: what the log has of it. */
async function look(
  bench: Bench,
  { reattaches = false, ...more }: Partial<DriftCheckDependencies> & { reattaches?: boolean } = {},
) {
  const { clock, restApiId } = bench.scene;
  const dependencies = bench.process();
  const lines: Record<string, unknown>[] = [];
  const check = createDriftCheck({
    restApiId,
    journal: bench.journal,
    readLive: (id) => readLive(dependencies.controlPlane, id),
    ...(reattaches && {
      reattach: (owner, options) => reattach(restApiId, owner, dependencies, options),
    }),
    write: (line) => lines.push(JSON.parse(line)),
    now: clock.now,
    sleep: async (ms) => clock.pass(ms),
    functionName: 'drift',
    ...more,
  });
  const ended = await outcome(check({}, { getRemainingTimeInMillis: () => 900_000 }));
  const metric = lines.find((line) => '_aws' in line);
  const found = lines.filter(({ level }) => level === 'error').map(({ message }) => message);
  return { ended, found, drifted: metric?.['DriftedMethods'], metric, lines };
}

describe('a look', () => {
  it('finds nothing where nothing is, and counts that, under the function’s name alone', async () => {
    const { bench, model } = await attached();
    const calls = model.log.length;
    const { found, metric } = await look(bench);
    expect(found).toEqual([]);
    expect(metric).toEqual({
      _aws: {
        Timestamp: bench.scene.clock.now(),
        CloudWatchMetrics: [
          {
            Namespace: 'JwtAuthorizer',
            Dimensions: [['FunctionName']],
            Metrics: [{ Name: 'DriftedMethods', Unit: 'Count' }],
          },
        ],
      },
      FunctionName: 'drift',
      DriftedMethods: 0,
    });
    expect(model.log.slice(calls).filter(({ operation }) => !operation.startsWith('Get'))).toEqual([]);
  });

  it('counts the methods of a stage that was moved back, one line for all of them', async () => {
    const { bench, before, model } = await attached();
    model.owner.rollbackStage('prod', before);
    const { found, drifted, lines } = await look(bench);
    expect(found).toEqual(['reopened']);
    expect(drifted).toBe(3);
    expect(lines.find(({ message }) => message === 'reopened')).toMatchObject({
      restApiId: bench.scene.restApiId,
      stage: 'prod',
      subjects: expect.arrayContaining(['GET /orders', 'POST /orders', 'ANY /admin/{proxy+}']),
    });
  });

  it('counts a method that came later, once it is deployed', async () => {
    const { bench, model } = await attached();
    model.owner.editWorkingCopy((definition) => bench.scene.set(definition, 'PUT /orders'));
    expect((await look(bench)).drifted).toBe(0);
    model.owner.deploy('prod');
    const { found, drifted } = await look(bench);
    expect([found, drifted]).toEqual([['unprotected'], 1]);
  });

  it('counts a stage that is gone, and an API that is', async () => {
    const { bench, model } = await attached();
    model.api.stages.delete('prod');
    const { found, drifted } = await look(bench);
    expect([found, drifted]).toEqual([['stage_gone'], 1]);
    const gone = await look(bench, { readLive: async () => undefined, reattaches: true });
    expect([gone.found, gone.drifted]).toEqual([['api_gone'], 1]);
  });

  it('counts nothing before there is anything, and while it is being changed', async () => {
    const { bench } = await attached();
    const state = await bench.journal.read(bench.scene.restApiId);
    if (state === undefined) throw new Error('no journal');
    const heldUntilMs = bench.scene.clock.now() + 1;
    for (const read of [
      async () => undefined,
      async () => ({ ...state, phase: 'attaching' as const, heldUntilMs }),
      async () => ({ ...state, phase: 'detaching' as const }),
    ]) {
      const { ended, metric, lines } = await look(bench, { journal: { read } });
      expect([ended, metric]).toEqual([undefined, undefined]);
      expect(lines).toMatchObject([{ message: 'not_looked_at' }]);
    }
  });

  it('that cannot be had is an error, and no number', async () => {
    const { bench } = await attached();
    const unavailable = async () => {
      throw new ControlPlaneUnavailable('GetStages: 503');
    };
    const { ended, metric } = await look(bench, { readLive: unavailable });
    expect(ended).toBeInstanceOf(ControlPlaneUnavailable);
    expect(metric).toBeUndefined();
  });
});

describe('attaching again', () => {
  it('closes what was opened, and still tells of it', async () => {
    const { bench, before, model } = await attached();
    model.owner.rollbackStage('prod', before);
    const { drifted, lines } = await look(bench, { reattaches: true });
    expect(drifted).toBe(3);
    expect(lines.at(-1)).toMatchObject({ message: 'attached', isChanged: true, what: 'Reattach' });
    expect((await look(bench, { reattaches: true })).drifted).toBe(0);
  });

  it('changes nothing where nothing is wrong', async () => {
    const { bench, model } = await attached();
    const calls = model.log.length;
    await look(bench, { reattaches: true });
    expect(model.log.slice(calls).filter(({ operation }) => !operation.startsWith('Get'))).toEqual([]);
  });

  it('goes on with one that did not end', async () => {
    const { bench, before, model } = await attached();
    model.owner.rollbackStage('prod', before);
    model.trouble = ({ operation }) =>
      operation === 'CreateDeployment' ? { error: 'AccessDeniedException', status: 403 } : undefined;
    expect((await look(bench, { reattaches: true })).ended).toBeInstanceOf(Error);
    model.trouble = () => undefined;
    const { drifted, lines } = await look(bench, { reattaches: true });
    expect(drifted).toBe(3);
    expect(lines.at(-1)).toMatchObject({ message: 'attached', isChanged: true });
    expect((await look(bench)).drifted).toBe(0);
  });

  /** Rolled back, and then something happens between the look and the attaching. */
  async function meanwhile(act: (bench: Bench) => Promise<unknown>) {
    const { bench, before, model } = await attached();
    model.owner.rollbackStage('prod', before);
    const { controlPlane } = bench.process();
    const { lines } = await look(bench, {
      reattaches: true,
      async readLive(id) {
        const live = await readLive(controlPlane, id);
        await act(bench);
        return live;
      },
    });
    return { bench, model, lines };
  }

  it('is by what the attachment is by then, and not what it was when it was looked at', async () => {
    const more = { ...WISH, selectors: selectors('ANY /orders', 'ANY /admin/{proxy+}', 'GET /health') };
    const { bench } = await meanwhile((one) => one.reconcile(more));
    expect((await bench.journal.read(bench.scene.restApiId))?.wish.selectors).toEqual(more.selectors);
    expect((await look(bench)).drifted).toBe(0);
    expectNothingWeakened(bench);
  });

  it('does not bring back what was detached meanwhile', async () => {
    const { bench, model, lines } = await meanwhile((one) => one.detach());
    expect(lines.at(-1)).toMatchObject({ message: 'not_attached', what: 'Reattach' });
    expect(bench.journal.dump()).toEqual([]);
    expect(model.api.definition.authorizers.size).toBe(1);
  });

  it('is refused by the rules of attaching: pending edits of others', async () => {
    const { bench, before, model } = await attached();
    model.owner.rollbackStage('prod', before);
    model.owner.editWorkingCopy((definition) => bench.scene.set(definition, 'GET /new'));
    const { found, ended } = await look(bench, { reattaches: true });
    expect(found).toEqual(['reopened', 'pending_edits', 'refused']);
    expect(ended).toBeUndefined();
  });
});
