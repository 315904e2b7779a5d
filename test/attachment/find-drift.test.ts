import { beforeEach, describe, expect, it } from 'vitest';
import { countDriftedMethods, findDrift } from '../../lambda/attachment/find-drift.ts';
import type { JournalState } from '../../lambda/attachment/journal.ts';
import type { ControlPlaneModel } from '../support/control-plane/model.ts';
import { attach } from './apply-plan.ts';
import { liveOf } from './live-model.ts';
import { everyKind, modelOf, set } from './model-scene.ts';
import { selectors, wishOf } from './wishes.ts';

const WISH = wishOf({
  selectors: selectors('ANY /orders', 'GET /health', 'GET /a/*'),
  stages: ['prod', 'test'],
});

let model: ControlPlaneModel;
let journal: JournalState;
let before: string;
beforeEach(async () => {
  model = modelOf(
    (definition) => {
      everyKind(definition);
      set(definition, 'GET /a/{x}');
    },
    ['prod', 'test'],
  );
  [before = ''] = model.api.deployments.keys();
  const attached = await attach(model, WISH);
  if (attached.journal === undefined) throw new Error('refused');
  journal = attached.journal;
});

async function drift(state: JournalState = journal) {
  const found = findDrift(state, await liveOf(model));
  return {
    told: found.map(({ code, stage, subjects }) => [code, stage, ...subjects].join(' ')),
    count: countDriftedMethods(found),
  };
}

it('finds none in what was attached', async () => {
  expect(await drift()).toEqual({ told: [], count: 0 });
});

it('nor in what is only in the working copy', async () => {
  model.owner.reimport(everyKind);
  expect(await drift()).toEqual({ told: [], count: 0 });
});

describe('finds', () => {
  it('what a rollback opened, a stage at a time', async () => {
    model.owner.rollbackStage('prod', before);
    expect(await drift()).toEqual({
      told: ['reopened prod GET /a/{x} GET /health GET /orders POST /orders'],
      count: 4,
    });
    model.owner.rollbackStage('test', before);
    expect((await drift()).count).toBe(8);
  });

  it('what a deployment brought', async () => {
    model.owner.editWorkingCopy((definition) => {
      set(definition, 'PUT /orders');
      set(definition, 'PUT /health');
    });
    model.owner.deploy('test');
    expect(await drift()).toEqual({ told: ['unprotected test PUT /orders'], count: 1 });
  });

  it('requests that a new catch-all takes away from what is protected', async () => {
    model.owner.editWorkingCopy((definition) => set(definition, 'GET /{proxy+}'));
    model.owner.deploy('prod');
    expect((await drift()).told).toEqual(['unprotected prod GET /{proxy+}']);
  });

  it('our authorizer, calling somebody else', async () => {
    model.owner.editWorkingCopy(({ authorizers }) => {
      for (const authorizer of authorizers.values()) authorizer.authorizerUri = 'arn:other';
    });
    model.owner.deploy('prod');
    expect(await drift()).toEqual({
      told: ['authorizer_changed prod GET /a/{x} GET /health GET /orders POST /orders'],
      count: 4,
    });
  });

  it('a canary, of which it knows nothing', async () => {
    model.owner.deployCanary('test', 5);
    expect(await drift()).toEqual({ told: ['canary test'], count: 0 });
  });

  it('that a stage or the API is gone', async () => {
    model.api.stages.delete('test');
    expect((await drift()).told).toEqual(['stage_gone test']);
    expect(findDrift(journal, undefined).map(({ code }) => code)).toEqual(['api_gone']);
  });
});

it('does not look at stages that were left, nor while a detachment is under way', async () => {
  model.owner.rollbackStage('test', before);
  expect(await drift({ ...journal, wish: { ...WISH, stages: ['prod'] } })).toEqual({ told: [], count: 0 });
  expect(await drift({ ...journal, phase: 'detaching' })).toEqual({ told: [], count: 0 });
  expect((await drift({ ...journal, phase: 'attaching' })).count).toBe(4);
});
