/**
 * The API's owner acts right before any call of the engine. API Gateway knows no condition on a write, so what comes between
 * the last look at a stage and its move is the one thing that nobody can see (docs/attach.md): it is left out here.
 */
import { expect, it } from 'vitest';
import { outcome } from '../keys/support.ts';
import { methodAt } from '../support/control-plane/definition.ts';
import { type Bench, openBench } from './bench.ts';
import { expectNothingWeakened } from './expectations.ts';
import { selectors } from './wishes.ts';

const WISH = { takeOver: true, selectors: selectors('GET /orders', 'POST /orders') };

function protect({ scene }: Bench, route: string): void {
  scene.model.owner.editWorkingCopy((definition) => {
    const method = methodAt(definition, route);
    if (method === undefined) throw new Error(`no ${route}`);
    method.authorizationType = 'AWS_IAM';
    delete method.authorizerId;
  });
}

const ACTS: Readonly<Record<string, (bench: Bench) => void>> = {
  'protects another method and deploys it': (bench) => {
    protect(bench, 'GET /health');
    bench.scene.model.owner.deploy('prod');
  },
  'protects a selected method and deploys it': (bench) => {
    protect(bench, 'POST /orders');
    bench.scene.model.owner.deploy('prod');
  },
  'begins a canary': (bench) => {
    protect(bench, 'GET /health');
    bench.scene.model.owner.deployCanary('prod', 10);
  },
  'opens a method': ({ scene }) => {
    scene.model.owner.editWorkingCopy((definition) => scene.set(definition, 'GET /orders/{id}'));
  },
};

it.each(Object.entries(ACTS))(
  '%s',
  async (_, act) => {
    let calls = 0;
    for (let isOver = false; !isOver; ) {
      calls += 1;
      const bench = await openBench();
      const { model } = bench.scene;
      let hasActed = false;
      let isBlind = false;
      model.trouble = ({ index, operation }) => {
        if (index !== calls) return undefined;
        hasActed = true;
        isBlind = operation === 'UpdateStage';
        if (!isBlind) act(bench);
        return undefined;
      };
      for (let run = 1; run <= 3; run += 1) await outcome(bench.reconcile(WISH));
      if (!isBlind) expectNothingWeakened(bench);
      isOver = !hasActed;
      await bench.close();
    }
    expect(calls).toBeGreaterThan(20);
  },
  60_000,
);
