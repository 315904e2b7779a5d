/** The engine on the model of API Gateway, with a journal in memory, and ways to kill it. */
import { detach } from '../../lambda/attachment/detach.ts';
import { type Journal, JournalUnavailable } from '../../lambda/attachment/journal.ts';
import { openControlPlane } from '../../lambda/attachment/open-control-plane.ts';
import { reconcile } from '../../lambda/attachment/reconcile.ts';
import type {
  Dependencies,
  DetachOptions,
  DetachOutcome,
  Options,
  ReconcileOutcome,
} from '../../lambda/attachment/run.ts';
import type { Wish } from '../../lambda/attachment/wish.ts';
import { type Scene, type SceneOptions, startScene } from '../support/control-plane/scene.ts';
import type { Definition, Method } from '../support/control-plane/shapes.ts';
import { killedAt, type TroubleMaker } from '../support/control-plane/trouble.ts';
import { type MemoryJournal, memoryJournal } from './memory-journal.ts';
import { OWNER, wishOf } from './wishes.ts';

/** Longer than any lease. */
export const LATER_MS = 600_000;

export interface Bench {
  readonly scene: Scene;
  readonly journal: MemoryJournal;
  /** As a process has them; what kills one kills no other. */
  process(death?: Death): Dependencies;
  reconcile(wish?: Partial<Wish>, options?: Options, dependencies?: Dependencies): Promise<ReconcileOutcome>;
  detach(options?: DetachOptions, dependencies?: Dependencies): Promise<DetachOutcome>;
  /** All that is left at the end, whichever way it came about. */
  state(): unknown;
  /** Calls to API Gateway by now. */
  calls(): number;
  close(): Promise<void>;
}

/** How a process dies: nothing that it would do afterwards happens. */
export interface Death {
  isDead: boolean;
  /** Counts calls of the journal, and ends the process at one of them. */
  readonly atJournalCall?: { readonly nth: number; readonly late: boolean; readonly isForGood: boolean };
  journalCalls: number;
}

export const alive = (): Death => ({ isDead: false, journalCalls: 0 });

export async function openBench(options?: SceneOptions): Promise<Bench> {
  const scene = await startScene(options);
  const { clock, model } = scene;
  const journal = memoryJournal(clock.now);
  let count = 0;
  const newId = () => {
    count += 1;
    return `id-${count}`;
  };
  const process = (death: Death = alive()): Dependencies => ({
    controlPlane: openControlPlane({
      client: scene.client,
      now: clock.now,
      sleep: async (ms) => {
        if (death.isDead) throw new Killed();
        clock.pass(ms);
      },
      random: () => 1,
    }),
    journal: mortal(journal, death),
    now: clock.now,
    newId,
    sleep: async (ms) => clock.pass(ms),
  });
  return {
    scene,
    journal,
    process,
    reconcile: (wish, given, dependencies = process()) => reconcile(wishOf(wish), dependencies, given),
    detach: (given, dependencies = process()) => detach(model.api.id, OWNER, dependencies, given),
    state: () => stateOf(scene, journal),
    calls: () => model.log.length,
    close: () => scene.close(),
  };
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

function mortal(journal: Journal, death: Death): Journal {
  return new Proxy(journal, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...input: unknown[]) => {
        if (death.isDead) throw new Killed();
        death.journalCalls += 1;
        const at = death.atJournalCall;
        if (at?.nth !== death.journalCalls) return method(...input);
        death.isDead = at.isForGood;
        if (at.late) await method(...input);
        throw at.isForGood ? new Killed() : new JournalUnavailable('the test made it so');
      };
    },
  });
}

/** @param index of the call to API Gateway at which the process dies, from 1, counted from now on. */
export function killAt(bench: Bench, index: number, when: 'before' | 'after'): Dependencies {
  const death = alive();
  const kill = killedAt(bench.calls() + index, when);
  bench.scene.model.trouble = (call) => {
    const trouble = kill(call);
    if (trouble !== undefined) death.isDead = true;
    return trouble;
  };
  return bench.process(death);
}

/** Another process comes, after the lease of the dead one is over. */
export function revive({ scene }: Bench): void {
  scene.model.revive();
  scene.clock.pass(LATER_MS);
}

/** By names: ids differ with the number of calls. */
function stateOf({ model }: Scene, journal: MemoryJournal): unknown {
  const { api } = model;
  const roles = new Map<string, string>();
  const stages = [...api.stages.values()].map(
    ({ stageName, deploymentId, createdMs, lastUpdatedMs, ...rest }) => {
      const definition = api.deployments.get(deploymentId)?.definition;
      if (definition === undefined) throw new Error(`${stageName} serves nothing`);
      roles.set(deploymentId, `deployed to ${stageName}`);
      const lastFlushMs = api.flushed.findLast((flush) => flush.stageName === stageName)?.atMs;
      const isFlushed = lastFlushMs !== undefined && lastFlushMs >= lastUpdatedMs;
      return {
        stageName,
        ...rest,
        serves: namesOnly(definition, 'used'),
        isFlushed: isFlushed || lastUpdatedMs === createdMs,
      };
    },
  );
  const records = JSON.stringify(journal.dump(), (_, value) =>
    typeof value === 'string' ? (roles.get(value) ?? value) : value,
  );
  return {
    workingCopy: namesOnly(api.definition, 'all'),
    stages,
    deployments: api.deployments.size,
    journal: JSON.parse(records),
  };
}

/** @param which authorizers: a snapshot may hold some that nothing of it uses. */
function namesOnly({ resources, authorizers, ...rest }: Definition, which: 'all' | 'used'): unknown {
  const used = new Set(
    [...resources.values()].flatMap(({ methods }) =>
      [...methods.values()].map(({ authorizerId }) => authorizerId),
    ),
  );
  const named = (method: Method) => {
    const { authorizerId, ...settings } = method;
    return { ...settings, authorizer: authorizers.get(authorizerId ?? '')?.name ?? authorizerId };
  };
  return {
    ...rest,
    gatewayResponses: [...rest.gatewayResponses],
    authorizers: [...authorizers.values()]
      .filter(({ id }) => which === 'all' || used.has(id))
      .map(({ id, ...properties }) => properties),
    methods: [...resources.values()]
      .flatMap(({ path, methods }) => [...methods.values()].map((method) => ({ path, ...named(method) })))
      .toSorted((a, b) => (`${a.path} ${a.httpMethod}` < `${b.path} ${b.httpMethod}` ? -1 : 1)),
  };
}

export const troubleAt =
  (first: number, index: number, trouble: ReturnType<TroubleMaker>): TroubleMaker =>
  (call) =>
    call.index === first + index ? trouble : undefined;
