/** One process of the function, and one fault after another in front of what it depends on. */

import { type Certificate, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { closeAtEnd } from '../support/gateway.ts';
import type { Dependency, Opened, Tokens } from './dependencies.ts';
import type { FaultCase } from './faults.ts';
import { type Answered, type FunctionProcess, startFunction } from './function-process.ts';

const SECOND_MS = 1_000;
/** Older than keys may be used without asking, and not yet too old for an outage. */
const OLD_MS = 20 * 60 * SECOND_MS;
/** Too old for an outage. */
const OVER_MS = 25 * 3_600 * SECOND_MS;
/** The longest pause after a load of keys that failed. */
const PAUSE_MS = 31 * SECOND_MS;

export type Answers = Readonly<Record<keyof Tokens, Answered>>;

/** What was seen of one fault. */
export interface Seen {
  readonly before: Answered;
  /** With keys at hand that are old. Undefined where there are none to keep. */
  readonly withKeys?: Answered;
  readonly during: Answers;
  /** What was written during the fault. */
  readonly log: readonly string[];
  /** Requests of the function that reached the door during it. */
  readonly requests: number;
  readonly after: Answers;
}

export interface Lane {
  run(fault: FaultCase): Promise<Seen>;
  /** What must not be in a log. */
  readonly secrets: readonly string[];
}

/** @param certificate with one, the dependency is asked over TLS. */
export async function openLane(
  { kind }: Dependency,
  opened: Opened,
  { certificate, environment = {} }: { certificate?: Certificate; environment?: Record<string, string> } = {},
): Promise<Lane> {
  const door = closeAtEnd(await startFaultProxy(opened.origin, certificate));
  const endpoint = `${certificate ? 'https' : 'http'}://localhost:${door.port}`;
  const settings = opened.settings(endpoint);
  const { tokens } = settings;
  const process = closeAtEnd(
    await startFunction(settings.config, { ...settings.environment, ...environment }),
  );
  const clock = turning(process);
  const ask = () => askAll(process, tokens);
  await warmUp(process, tokens.valid);

  return {
    secrets: [...opened.secrets, ...Object.values(tokens)],
    async run(fault) {
      const before = await process.invoke(tokens.valid);
      if (kind === 'keys') await clock.pass(OLD_MS);
      await begin(door, process, fault);
      await process.takeLog();
      const requests = door.requests();
      const withKeys = kind === 'keys' ? await process.invoke(tokens.valid) : undefined;
      if (kind === 'keys') await clock.pass(OVER_MS);
      const during = await ask();
      const seen = { requests: door.requests() - requests, log: await process.takeLog() };
      await end(door, process);
      if (kind === 'keys') await clock.pass(PAUSE_MS);
      return { before, ...(withKeys && { withKeys }), during, ...seen, after: await ask() };
    },
  };
}

/** Until it serves: many start at once here. */
async function warmUp(process: FunctionProcess, token: string) {
  for (let tries = 0; tries < 30; tries += 1) {
    if ((await process.invoke(token)).verdict === 'allow') return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function begin(door: FaultProxy, process: FunctionProcess, { make, surroundings }: FaultCase) {
  await door.set(make?.());
  if (surroundings) await process.set(surroundings);
}

async function end(door: FaultProxy, process: FunctionProcess) {
  await door.set(undefined);
  await process.set({ resolver: 'ok' });
}

function turning(process: FunctionProcess) {
  let offsetMs = 0;
  return {
    pass(ms: number) {
      offsetMs += ms;
      return process.set({ offsetMs });
    },
  };
}

async function askAll(process: FunctionProcess, { valid, forged, expired }: Tokens): Promise<Answers> {
  const [first, second, third] = await Promise.all(
    [valid, forged, expired].map((one) => process.invoke(one)),
  );
  if (!first || !second || !third) throw new Error('three tokens have three answers');
  return { valid: first, forged: second, expired: third };
}
