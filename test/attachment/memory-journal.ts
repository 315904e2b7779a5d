/** A journal in memory, held to the same contract: for tests that begin anew a hundred times. */
import {
  type Journal,
  type JournaledMethod,
  type JournalState,
  LeaseLost,
  type Progress,
  type Run,
} from '../../lambda/attachment/journal.ts';
import { routeOf } from '../../lambda/attachment/live.ts';

interface Header {
  owner: string;
  run: Run | undefined;
  progress: Partial<Progress>;
}

export interface MemoryJournal extends Journal {
  /** All that it holds, leases left out. */
  dump(): unknown;
}

export function memoryJournal(now: () => number): MemoryJournal {
  const headers = new Map<string, Header>();
  const records = new Map<string, Map<string, JournaledMethod>>();
  const methodsOf = (restApiId: string) => {
    const methods = records.get(restApiId) ?? new Map<string, JournaledMethod>();
    records.set(restApiId, methods);
    return methods;
  };
  const held = (restApiId: string, run: Run): Header => {
    const header = headers.get(restApiId);
    if (header?.run?.id !== run.id) throw new LeaseLost(`another run works on ${restApiId}`);
    return header;
  };

  return {
    async read(restApiId) {
      const header = headers.get(restApiId);
      if (header?.progress.wish === undefined) return undefined;
      return structuredClone({
        restApiId,
        owner: header.owner,
        stages: {},
        ...header.progress,
        methods: [...methodsOf(restApiId).values()],
        ...(header.run !== undefined && { heldUntilMs: header.run.untilMs }),
      } as JournalState);
    },
    async claim(restApiId, owner, run) {
      const header = headers.get(restApiId);
      if (header !== undefined) {
        const isForeign = header.progress.wish !== undefined && header.owner !== owner;
        if (isForeign) return { kind: 'foreign', owner: header.owner };
        const isHeld = header.run !== undefined && header.run.id !== run.id && header.run.untilMs > now();
        if (isHeld) return { kind: 'busy', untilMs: header.run?.untilMs ?? 0 };
      }
      headers.set(restApiId, { progress: header?.progress ?? {}, owner, run });
      return { kind: 'claimed' };
    },
    async renew(restApiId, run) {
      held(restApiId, run).run = run;
    },
    async update(restApiId, run, change) {
      const header = held(restApiId, run);
      header.progress = JSON.parse(JSON.stringify({ ...header.progress, ...change }));
    },
    async rememberMethod(restApiId, method) {
      const methods = methodsOf(restApiId);
      if (!methods.has(routeOf(method))) methods.set(routeOf(method), structuredClone(method));
    },
    async forgetMethod(restApiId, name) {
      methodsOf(restApiId).delete(routeOf(name));
    },
    async release(restApiId, run) {
      const header = headers.get(restApiId);
      if (header?.run?.id !== run.id) return;
      header.run = undefined;
      if (header.progress.wish === undefined) headers.delete(restApiId);
    },
    async forget(restApiId, run) {
      held(restApiId, run);
      records.delete(restApiId);
      headers.delete(restApiId);
    },
    dump: () =>
      [...headers].map(([restApiId, { owner, progress }]) => ({
        restApiId,
        owner,
        progress,
        methods: [...methodsOf(restApiId).values()].toSorted((a, b) => (routeOf(a) < routeOf(b) ? -1 : 1)),
      })),
  };
}
