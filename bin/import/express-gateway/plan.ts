/** What an import would do: each record of the source held against what is there. Reads alone. */
import { isDeepStrictEqual } from 'node:util';
import { eachAtOnce } from '../../consumers/at-once.ts';
import { type ConsumerApi, call, type Json, pathTo, Refused } from '../../consumers/consumer-api.ts';
import { WrongUsage } from '../../consumers/failure.ts';
import type { ImportedRecord, RecordKind } from './records.ts';
import type { Selection } from './select.ts';

export interface Step {
  readonly record: ImportedRecord;
  state: 'create' | 'created' | 'same' | 'differs' | 'failed';
  /** What differs, or why it failed. */
  why?: string;
}

export type Finding = Pick<Step, 'state' | 'why'>;

export interface Plan {
  readonly newScopes: readonly string[];
  readonly oldScopes: readonly string[];
  readonly users: readonly Step[];
  readonly apps: readonly Step[];
  readonly credentials: readonly Step[];
}

/**
 * @param onStep is told of each that was looked at.
 * @throws CommandFailure
 */
export async function planImport(
  api: ConsumerApi,
  selection: Selection,
  onStep: (step: Step) => void = () => undefined,
): Promise<Plan> {
  const there = await knownScopes(api);
  const stepsOf = async (records: readonly ImportedRecord[]) => {
    const steps = records.map((record): Step => ({ record, state: 'create' }));
    await eachAtOnce(steps, async (step) => onStep(Object.assign(step, await look(api, step.record))));
    return steps;
  };
  return {
    newScopes: selection.scopes.filter((scope) => !there.has(scope)),
    oldScopes: selection.scopes.filter((scope) => there.has(scope)),
    users: await stepsOf(selection.users),
    apps: await stepsOf(selection.apps),
    credentials: await stepsOf(selection.credentials),
  };
}

export async function knownScopes(api: ConsumerApi): Promise<ReadonlySet<string>> {
  const { scopes } = await call(api, { method: 'GET', path: '/scopes' });
  return new Set((scopes ?? []) as readonly string[]);
}

/** @throws Unreachable */
export async function look(api: ConsumerApi, record: ImportedRecord): Promise<Finding> {
  if (record.problem !== undefined) return { state: 'failed', why: record.problem };
  try {
    const existing = await find(api, pathTo(...SEGMENTS[record.kind], record.id));
    if (existing !== undefined) return compared(record.shown, existing);
    const isNameTaken =
      record.kind === 'user' && (await find(api, pathTo('users', record.name))) !== undefined;
    return isNameTaken
      ? { state: 'differs', why: 'id (another user has its username here)' }
      : { state: 'create' };
  } catch (error) {
    // A name that no path can carry.
    if (!(error instanceof WrongUsage) && !(error instanceof Refused)) throw error;
    return { state: 'failed', why: error.message };
  }
}

const SEGMENTS: Readonly<Record<RecordKind, readonly string[]>> = {
  user: ['users'],
  app: ['apps'],
  credential: ['credentials', 'jwt'],
};

/** @throws Refused, Unreachable */
async function find(api: ConsumerApi, path: string): Promise<Json | undefined> {
  try {
    return await call(api, { method: 'GET', path });
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

/** Names what differs. Values may be anybody's; the state alone is told, since it says who gets in. */
function compared(wanted: Json, existing: Json): Finding {
  // What is revoked here is nothing that the source could say.
  const { createdAt: _, updatedAt: __, issuedBefore: ___, ...found } = existing;
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  const differing = names.filter((name) => !isDeepStrictEqual(wanted[name], found[name]));
  if (differing.length === 0) return { state: 'same' };
  const told = differing.map((name) =>
    name === 'isActive' ? `isActive (${String(wanted[name])} there, ${String(found[name])} here)` : name,
  );
  return { state: 'differs', why: told.sort().join(', ') };
}
