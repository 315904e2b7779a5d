import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerApi, call, isAlreadyThere, type Json, Refused } from '../../consumers/consumer-api.ts';
import { CommandFailure } from '../../consumers/failure.ts';
import type { Find } from './line-kind.ts';

/** Longer than a killed run's unfinished record keeps its name. */
const PATIENCE_MS = 90_000;
const POLL_MS = 500;

export interface Work {
  readonly api: ConsumerApi;
  readonly path: string;
  readonly find?: Find;
  /** Whether the record before was there already: then this one is likely to be, and a read costs less. */
  looksFirst: boolean;
}

/**
 * @returns the record as its creation shows it; undefined when it was there.
 * @throws CommandFailure when it cannot be created, or its name stands for something else. Unreachable
 */
export async function createOrSkip(work: Work, body: Json): Promise<Json | undefined> {
  if (work.looksFirst && (await work.find?.(body)) === 'there') return undefined;
  try {
    const made = await create(work, body);
    work.looksFirst = false;
    return made;
  } catch (error) {
    if (!(error instanceof Refused) || !isAlreadyThere(error)) throw error;
    if ((await work.find?.(body)) === 'absent') throw error;
    work.looksFirst = true;
    return undefined;
  }
}

/**
 * A name may be taken by a record that is only being made, and when its maker was killed, that ends in a while:
 * to skip it would lose the line.
 * @throws Refused when it is really there.
 */
async function create({ api, path }: Work, body: Json): Promise<Json> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call(api, { method: 'POST', path, body });
    } catch (error) {
      if (!(error instanceof Refused) || !error.isPassing) throw error;
      if (Date.now() > deadline)
        throw new CommandFailure('is being made by another run; give it again later');
      await sleep(POLL_MS);
    }
  }
}
