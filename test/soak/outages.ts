/** The table and the issuers, each behind a door that fails for some seconds in one way after another. */
import { setTimeout as sleep } from 'node:timers/promises';
import { awsError, type FaultCase, NETWORK_FAULTS, WRONG_ANSWERS } from '../faults/faults.ts';
import {
  type Exchange,
  type Fault,
  type FaultProxy,
  passOn,
  startFaultProxy,
} from '../support/fault-proxy.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { type Dependency, type Propagation, recoveryMs } from './propagation.ts';
import type { Random } from './random.ts';

const OF_BOTH = [...NETWORK_FAULTS, ...WRONG_ANSWERS].filter(({ make }) => make !== undefined);
const FAULTS: Readonly<Record<Dependency, readonly FaultCase[]>> = {
  table: [
    ...OF_BOTH,
    awsError('ProvisionedThroughputExceededException'),
    awsError('ThrottlingException'),
    awsError('RequestLimitExceeded'),
    awsError('InternalServerError', 500),
  ],
  issuer: OF_BOTH,
};

/** One fault, and what was seen of it. */
export interface Episode {
  readonly dependency: Dependency;
  readonly fault: string;
  /** It is no more than a delay, and all is served. */
  readonly isServed: boolean;
  readonly beganMs: number;
  endedMs: number;
  /** Answers of 500 that it brought. */
  failures: number;
  /** After its end, when the last request began that got a 500. */
  lastFailureMs: number;
}

export interface Outages {
  readonly episodes: readonly Episode[];
  /** A request was answered 500, that needs these. */
  failed(beganMs: number, dependencies: readonly Dependency[]): void;
  /** One fault, from its begin to its end. @param ms how long it lasts. */
  next(dependency: Dependency, ms: number): Promise<void>;
  isTableOut(): boolean;
  /** What is failing now, ends. */
  mend(): Promise<void>;
}

/** A door in front of a server, which is open until it is told otherwise. */
export interface Door {
  readonly proxy: FaultProxy;
  readonly open: Fault;
}

/** What takes longer is, for a client that waits for a second, as if it failed: a busy machine does that by itself. */
export const SLOW_MS = 700;

/** @param slow told when an answer takes too long; and what that gives, when it is there. */
export async function openDoor(
  target: string,
  slow: () => () => void = () => () => undefined,
): Promise<Door> {
  const proxy = closeAtEnd(await startFaultProxy(target));
  const answer = async (exchange: Exchange) => {
    let isThere: (() => void) | undefined;
    const timer = setTimeout(() => {
      isThere = slow();
    }, SLOW_MS);
    try {
      await passOn(exchange);
    } catch {
      // The server ended.
      exchange.request.socket.destroy();
    } finally {
      clearTimeout(timer);
      isThere?.();
    }
  };
  await proxy.set({ answer });
  return { proxy, open: { answer } };
}

/** Outages that nobody made: a machine with too much else to do. */
export interface Stalls {
  /** @returns ends it. */
  begin(dependencies: readonly Dependency[], beganMs?: number): () => void;
  count(): number;
}

export function createStalls({ fell }: Pick<Propagation, 'fell'>): Stalls {
  let stalls = 0;
  return {
    begin(dependencies, beganMs = Date.now() - SLOW_MS) {
      stalls += 1;
      const outages = dependencies.map((dependency) => ({
        ...{ dependency, beganMs, endedMs: Number.POSITIVE_INFINITY },
      }));
      for (const outage of outages) fell(outage);
      return () => {
        for (const outage of outages) outage.endedMs = Date.now();
      };
    },
    count: () => stalls,
  };
}

export function createOutages(
  doors: Readonly<Record<Dependency, Door>>,
  { propagation, random }: { propagation: Propagation; random: Random },
): Outages {
  const episodes: Episode[] = [];
  /** In another order each time round, so that each comes. */
  const left: Record<Dependency, FaultCase[]> = { table: [], issuer: [] };
  const draw = (dependency: Dependency): FaultCase => {
    if (left[dependency].length === 0) left[dependency] = [...FAULTS[dependency]];
    const [fault] = left[dependency].splice(random.below(left[dependency].length), 1);
    if (fault === undefined) throw new Error('no fault');
    return fault;
  };
  return {
    episodes,
    failed(beganMs, dependencies) {
      for (const episode of episodes) {
        const { dependency, isServed, beganMs: sinceMs, endedMs } = episode;
        const untilMs = endedMs + recoveryMs(dependency, endedMs - sinceMs);
        if (isServed || beganMs > untilMs || !dependencies.includes(dependency)) continue;
        episode.failures += 1;
        if (beganMs > endedMs) episode.lastFailureMs = Math.max(episode.lastFailureMs, beganMs - endedMs);
      }
    },
    async next(dependency, ms) {
      const fault = draw(dependency);
      const episode: Episode = {
        ...{ dependency, fault: fault.name, isServed: fault.expects === 'served' },
        ...{ beganMs: Date.now(), endedMs: Number.POSITIVE_INFINITY, failures: 0, lastFailureMs: 0 },
      };
      episodes.push(episode);
      if (!episode.isServed) propagation.fell(episode);
      const { proxy, open } = doors[dependency];
      await proxy.set(withoutCrash(fault));
      await sleep(ms);
      await proxy.set(open);
      episode.endedMs = Date.now();
    },
    isTableOut: () =>
      episodes.some(({ dependency, isServed, endedMs }) => {
        return dependency === 'table' && !isServed && endedMs === Number.POSITIVE_INFINITY;
      }),
    async mend() {
      for (const { proxy, open } of Object.values(doors)) await proxy.set(open);
    },
  };
}

/** The server behind the door may end before the fault does. */
function withoutCrash({ make }: FaultCase) {
  const { answer, ...fault } = make?.() ?? {};
  if (answer === undefined) return fault;
  const guarded = async (exchange: Exchange) => {
    try {
      await answer(exchange);
    } catch {
      exchange.request.socket.destroy();
    }
  };
  return { ...fault, answer: guarded };
}
