/** What the engine is asked to do, from a beginning that it made itself: each can be killed, and asked again. */
import type { Dependencies, DetachOutcome, Options, ReconcileOutcome } from '../../lambda/attachment/run.ts';
import type { Bench } from './bench.ts';
import { FUNCTION_ARN, selectors } from './wishes.ts';

export interface Scenario {
  readonly name: string;
  readonly stages: readonly string[];
  /** How it ends, and how it ends where nothing is left to do. */
  readonly end: (ReconcileOutcome | DetachOutcome)['kind'];
  readonly again: (ReconcileOutcome | DetachOutcome)['kind'];
  /** Deployments that it takes. */
  readonly deployments: number;
  prepare(bench: Bench): Promise<unknown>;
  act(
    bench: Bench,
    dependencies?: Dependencies,
    options?: Options,
  ): Promise<ReconcileOutcome | DetachOutcome>;
}

const both = { stages: ['prod', 'test'], takeOver: true };
const nothing = async () => undefined;
const few = { ...both, selectors: selectors('GET /orders', 'ANY /admin/{proxy+}') };
const others = { ...both, selectors: selectors('GET /orders', 'DELETE /orders/{id}') };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'attach',
    stages: ['prod', 'test', 'other'],
    end: 'attached',
    again: 'attached',
    deployments: 1,
    prepare: nothing,
    act: (bench, dependencies, options) => bench.reconcile(both, options, dependencies),
  },
  {
    name: 'change of selection',
    stages: ['prod', 'test'],
    end: 'attached',
    again: 'attached',
    deployments: 1,
    prepare: (bench) => bench.reconcile(few),
    act: (bench, dependencies, options) => bench.reconcile(others, options, dependencies),
  },
  {
    name: 'another way of keying',
    stages: ['prod', 'test'],
    end: 'attached',
    again: 'attached',
    deployments: 1,
    prepare: (bench) => bench.reconcile(both),
    act: (bench, dependencies, options) =>
      bench.reconcile({ ...both, keyed: queryKeyed }, options, dependencies),
  },
  {
    name: 'upgrade of the function',
    stages: ['prod', 'test'],
    end: 'attached',
    again: 'attached',
    deployments: 1,
    prepare: (bench) => bench.reconcile(both),
    act: (bench, dependencies, options) =>
      bench.reconcile({ ...both, handler: { functionArn: `${FUNCTION_ARN}:2` } }, options, dependencies),
  },
  {
    name: 'detach and restore',
    stages: ['prod', 'test'],
    end: 'detached',
    again: 'not_attached',
    deployments: 1,
    prepare: (bench) => bench.reconcile(both),
    act: (bench, dependencies, options) => bench.detach(options, dependencies),
  },
  {
    name: 'detach and deny',
    stages: ['prod', 'test'],
    end: 'detached',
    again: 'not_attached',
    deployments: 1,
    prepare: (bench) => bench.reconcile({ ...both, onDetach: 'deny' }),
    act: (bench, dependencies, options) => bench.detach(options, dependencies),
  },
];

const queryKeyed = {
  policies: [{ tokenPlace: { in: 'query', name: 'token' }, passThrough: false }],
  routes: [],
  authorizerCacheSeconds: 300,
} as const;
