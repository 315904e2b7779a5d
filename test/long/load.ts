/** Requests to a gateway from many callers at once, as fast as it takes them. */
import { Pool } from 'undici';

export interface LoadedCaller {
  readonly name: string;
  readonly token: string;
}

/** What a caller got so far. Moments are of `performance.now()`. */
export interface Got {
  readonly statuses: Map<number, number>;
  /** When the last request began that passed, and when its answer was there. */
  lastPassed: { readonly beganMs: number; readonly endedMs: number } | undefined;
}

export interface Load {
  readonly got: ReadonlyMap<string, Got>;
  /** How many have been answered so far. */
  requests(): number;
  /** Ends once all that is under way is answered. @throws the first failure to get an answer. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** How many requests are under way at a time. */
  readonly atOnce: number;
  /** Of a request, by its number from 0. */
  readonly pathOf: (index: number) => string;
}

/** Callers in turn. A request passes when it is answered 200. */
export function startLoad(
  url: string,
  callers: readonly LoadedCaller[],
  { atOnce, pathOf }: LoadOptions,
): Load {
  const pool = new Pool(url, { connections: atOnce });
  const got = new Map(callers.map(({ name }): [string, Got] => [name, nothing()]));
  let [begun, answered, isOver] = [0, 0, false];
  const askOnce = async () => {
    const index = begun++;
    const { name, token } = callers[index % callers.length] as LoadedCaller;
    const beganMs = performance.now();
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: pathOf(index),
      headers: { authorization: `Bearer ${token}` },
    });
    await body.dump();
    const mine = got.get(name) ?? nothing();
    mine.statuses.set(statusCode, (mine.statuses.get(statusCode) ?? 0) + 1);
    if (statusCode === 200) mine.lastPassed = { beganMs, endedMs: performance.now() };
    answered += 1;
  };
  const askOnAndOn = async () => {
    while (!isOver) await askOnce();
  };
  const running = Promise.all(Array.from({ length: atOnce }, askOnAndOn));
  // Said where it is waited for.
  running.catch(() => undefined);
  return {
    got,
    requests: () => answered,
    async stop() {
      isOver = true;
      await running.finally(() => pool.close());
    },
  };
}

const nothing = (): Got => ({ statuses: new Map(), lastPassed: undefined });
