/** Does what a plan says. A record is made in one step, inactive ones too: no moment at which one gets in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { refusalOf } from '../../../lambda/admin/refusal.ts';
import { eachAtOnce } from '../../consumers/at-once.ts';
import { type ConsumerApi, call, Refused, Unreachable } from '../../consumers/consumer-api.ts';
import { CommandFailure, Interrupted } from '../../consumers/failure.ts';
import { type Finding, knownScopes, look, type Plan, type Step } from './plan.ts';
import type { ImportedRecord, RecordKind } from './records.ts';

/** Longer than the unfinished record of a killed run keeps its id. */
const PATIENCE_MS = 90_000;
const POLL_MS = 500;
/** The Admin API takes no more at a time. */
const SCOPES_AT_A_TIME = 50;

const POST_TO: Readonly<Record<RecordKind, string>> = {
  user: '/users',
  app: '/apps',
  credential: '/credentials',
};

const ID_TAKEN: readonly string[] = [
  refusalOf({ code: 'id_taken' }).message,
  refusalOf({ code: 'key_id_taken' }).message,
];

/**
 * Each record after what it hangs on.
 * @param onStep is told of each that is done with.
 * @param signal stops it: what is under way is ended.
 * @throws Unreachable when the place does not answer, Interrupted after the signal: what is left is still to create.
 */
export async function applyPlan(
  api: ConsumerApi,
  plan: Plan,
  onStep: (step: Step) => void,
  signal?: AbortSignal,
): Promise<void> {
  await createScopes(api, plan.newScopes);
  for (const steps of [plan.users, plan.apps, plan.credentials]) {
    const toCreate = steps.filter(({ state }) => state === 'create');
    const work = async (step: Step) => {
      Object.assign(step, await create(api, step.record));
      onStep(step);
    };
    await eachAtOnce(toCreate, work, signal);
  }
  if (signal?.aborted) throw new Interrupted('stopped before the end; give the same again');
}

async function createScopes(api: ConsumerApi, scopes: readonly string[]): Promise<void> {
  for (let start = 0; start < scopes.length; start += SCOPES_AT_A_TIME) {
    const wanted = scopes.slice(start, start + SCOPES_AT_A_TIME);
    try {
      await call(api, { method: 'POST', path: '/scopes', body: { scopes: wanted } });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      // Somebody else has made some of them meanwhile.
      const there = await knownScopes(api);
      const left = wanted.filter((scope) => !there.has(scope));
      if (left.length > 0) await call(api, { method: 'POST', path: '/scopes', body: { scopes: left } });
    }
  }
}

async function create(api: ConsumerApi, record: ImportedRecord): Promise<Finding> {
  const { kind, body } = record;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await call(api, { method: 'POST', path: POST_TO[kind], body });
      return { state: 'created' };
    } catch (error) {
      if (!(error instanceof CommandFailure) || error instanceof Unreachable) throw error;
      const isTaken = error instanceof Refused && ID_TAKEN.includes(error.reason);
      if (!isTaken) return { state: 'failed', why: error.message };
    }
    // Made meanwhile, or only being made: by a run that was killed, whose record is given up after a while.
    const found = await look(api, record);
    if (found.state !== 'create') return found;
    if (Date.now() > deadline) {
      return { state: 'failed', why: 'its id is taken by a record that is being made or deleted' };
    }
    await sleep(POLL_MS);
  }
}
