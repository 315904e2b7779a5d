/**
 * Calls to API Gateway's control plane for an API of 300 resources, and the time that they take under AWS's quotas: by the model
 * of the control plane that the engine's tests use, whose calls take no time of their own.
 */
import { createDriftCheck } from '../../../lambda/attachment/drift-check.ts';
import type { Plan } from '../../../lambda/attachment/plan.ts';
import { readLive } from '../../../lambda/attachment/read-live.ts';
import type { Bench } from '../../attachment/bench.ts';
import { openLargeApi } from '../../attachment/large-api.ts';
import { AWS_QUOTAS } from '../../support/control-plane/quotas.ts';
import type { Case, Row, Table } from '../model.ts';

const RESOURCES = 300;
const WISH = { takeOver: true };

export const attachment: Case = {
  id: 'attachment',
  onEachNode: false,
  run: () => attachTo(RESOURCES),
};

/** One run of the engine: what it asked of API Gateway, and how long it took by the model's clock. */
interface Run {
  readonly operations: readonly string[];
  readonly seconds: number;
}

/** @returns two tables: calls, and seconds. */
export async function attachTo(resources: number): Promise<readonly [Table, Table]> {
  const bench = await openLargeApi(resources);
  try {
    return await measure(bench);
  } finally {
    await bench.close();
  }
}

async function measure(bench: Bench): Promise<readonly [Table, Table]> {
  const { clock, model } = bench.scene;
  const watched = async <T>(act: () => Promise<T>): Promise<[T, Run]> => {
    const [calls, fromMs] = [bench.calls(), clock.now()];
    const result = await act();
    const operations = model.log.slice(calls).map(({ operation }) => operation);
    return [result, { operations, seconds: (clock.now() - fromMs) / 1_000 }];
  };
  const [planned, planning] = await watched(() => bench.reconcile(WISH, { dryRun: true }));
  const [attached, attaching] = await watched(() => bench.reconcile(WISH));
  const [again, nothing] = await watched(() => bench.reconcile(WISH));
  const [drifts, drift] = await watched(() => driftCheck(bench));
  const [detached, detaching] = await watched(() => bench.detach());
  if (planned.kind !== 'planned' || attached.kind !== 'attached' || detached.kind !== 'detached')
    throw new Error(`attachment: ${planned.kind}, ${attached.kind}, ${detached.kind}`);
  if (again.kind !== 'attached' || again.isChanged || drifts > 0)
    throw new Error('attachment: a second run finds something to do');
  const minimum = minimumFor(planned.plan, planning);
  // Of each method, right before it is changed: somebody may have protected it otherwise since the API was read.
  const looks = attaching.operations.filter((operation) => operation === 'GetMethod').length;
  // At the deployment before it is live, at what the stage serves after; and the stage is moved by a call of its own.
  const checks = attaching.operations.length - minimum - looks;
  return [
    {
      id: 'attachment-calls',
      title: `Calls to API Gateway to attach to ${planned.plan.methods.length} methods`,
      unit: 'calls',
      rows: [
        row('minimum', 'the minimum: reads, and writes without a look', minimum),
        row('attach', 'attach', attaching.operations.length),
        row('looks', '… of which a look at each method right before its change', looks),
        row('checks', '… and at what was deployed, before and after it is live', checks),
        row('plan', 'attach --dry-run', planning.operations.length),
        row('again', 'attach once more, nothing to do', nothing.operations.length),
        row('drift', 'a drift check', drift.operations.length),
        row('detach', 'detach', detaching.operations.length),
      ],
    },
    {
      id: 'attachment-seconds',
      title: "The same under AWS's quotas, by the model's clock",
      unit: 's',
      rows: [
        row('minimum', 'the minimum, with all that the quotas leave', secondsOf(minimum)),
        row('attach', 'attach, leaving a part to others', attaching.seconds),
        row('again', 'attach once more, nothing to do', nothing.seconds),
        row('detach', 'detach', detaching.seconds),
      ],
    },
  ];
}

const row = (id: string, name: string, value: number): Row => ({ id, name, values: [value] });

/**
 * What it takes where nobody else is at work and nothing fails. Read must be what the plan needs, and the plan reads nothing
 * twice: the methods and what stands before them, the authorizers, the API with its policy, the stage and what it serves
 * (without which an owner's edits would go live with ours). Written must be each authorizer and each method (there is no call
 * for several, but a new import of the whole API), and for each stage a deployment that goes live as it is made, and the flush
 * of its cache.
 */
const minimumFor = ({ authorizers, methods, stages }: Plan, planning: Run): number =>
  planning.operations.length + authorizers.length + methods.length + 2 * stages.length;

/** For calls of all kinds together; none of the narrower quotas is met. */
function secondsOf(calls: number): number {
  const { perSecond, burst } = AWS_QUOTAS.all;
  return Math.max(0, calls - burst) / perSecond;
}

/** @returns how many drifts it tells. */
async function driftCheck({ scene: { clock, restApiId }, journal, process }: Bench): Promise<number> {
  const { controlPlane } = process();
  const lines: { level?: string }[] = [];
  const check = createDriftCheck({
    ...{ restApiId, journal, functionName: 'drift', now: clock.now },
    readLive: (id) => readLive(controlPlane, id),
    write: (line) => lines.push(JSON.parse(line)),
    sleep: async (ms) => clock.pass(ms),
  });
  await check({}, { getRemainingTimeInMillis: () => 900_000 });
  return lines.filter(({ level }) => level === 'error').length;
}
