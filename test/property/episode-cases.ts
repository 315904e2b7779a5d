/** Generated traffic: a few callers and paths, what they ask for, and what happens between. */
import fc from 'fast-check';
import { boundMsOf, type Setup, type Step, TIME_LIMIT_MS } from './case.ts';
import { type PathCase, pathCase, pathOf } from './path-cases.ts';
import { anyCaller, type CallerCase, type TokenCase } from './policy-cases.ts';
import type { Network } from './resource-policy.ts';
import { anyChange, type ChangeCase, changeOf } from './table-cases.ts';

/** Indices into the case's few callers and paths. */
interface Pick {
  readonly caller: number;
  readonly path: number;
  readonly method: string;
  readonly from: Network;
}

const pick: fc.Arbitrary<Pick> = fc.record({
  caller: fc.nat(2),
  path: fc.nat(4),
  method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'DELETE'),
  from: fc.constantFrom('office', 'elsewhere'),
});

/** A time that means something to a setup: see `pauseMs`. */
interface Pause {
  readonly until: 'soon' | 'forgotten' | 'bound' | 'expired';
  readonly plusMs: number;
}

const pause: fc.Arbitrary<Pause> = fc.record({
  until: fc.constantFrom('soon', 'forgotten', 'bound', 'bound', 'expired'),
  plusMs: fc.constantFrom(-1, 0, 1),
});

function pauseMs({ until, plusMs }: Pause, setup: Setup): number {
  const lengths = {
    soon: 1000,
    forgotten: setup.credentialCacheSeconds * 1000,
    bound: boundMsOf(setup),
    // Of the longer one no two fit into the time that no token begins or ends in.
    expired: Math.min(setup.authorizerCacheSeconds, 20) * 1000,
  };
  return Math.max(0, lengths[until] + plusMs);
}

const takesMs = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, TIME_LIMIT_MS - 1);

/** What stands between requests is mostly nothing. */
type Episode =
  | { readonly kind: 'requests'; readonly picks: readonly Pick[] }
  | { readonly kind: 'pause'; readonly pause: Pause }
  | { readonly kind: 'change'; readonly change: ChangeCase; readonly caller: number }
  /** The same caller before a change, after it, and later again: what a revocation is about. */
  | {
      readonly kind: 'revocation';
      readonly pick: Pick;
      readonly change: ChangeCase;
      readonly pauses: readonly [Pause, Pause];
      readonly takesMs: readonly [number, number, number];
    };

const requests = fc.array(pick, { minLength: 1, maxLength: 8, size: 'max' }).map((picks): Episode => {
  return { kind: 'requests', picks };
});

const episode: fc.Arbitrary<Episode> = fc.oneof(
  { weight: 5, arbitrary: requests },
  { weight: 1, arbitrary: pause.map((pause): Episode => ({ kind: 'pause', pause })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant<'change'>('change'),
      change: anyChange,
      caller: fc.nat(1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant<'revocation'>('revocation'),
      pick,
      change: anyChange,
      pauses: fc.tuple(pause, pause),
      takesMs: fc.tuple(takesMs, takesMs, takesMs),
    }),
  },
);

/** A few callers and paths, taken again and again: what was cached must be asked for. */
interface Traffic {
  readonly callers: readonly CallerCase[];
  readonly paths: readonly PathCase[];
  readonly episodes: readonly Episode[];
}

export const anyTraffic: fc.Arbitrary<Traffic> = fc.record({
  callers: fc.array(anyCaller, { minLength: 1, maxLength: 2 }),
  paths: fc.array(pathCase, { minLength: 1, maxLength: 4 }),
  episodes: fc.array(episode, { minLength: 1, maxLength: 4, size: 'max' }),
});

interface Place {
  readonly setup: Setup;
  readonly resources: readonly string[];
}

export function stepsOf({ callers, paths, episodes }: Traffic, { setup, resources }: Place): readonly Step[] {
  const callerAt = (i: number) => callers[i % callers.length] ?? [];
  const requestOf = ({ caller, path, method, from }: Pick, takesMs = 0): Step => {
    const to = paths[path % paths.length];
    const request = { caller: callerAt(caller), path: to ? pathOf(to, resources) : '/', method, from };
    return { kind: 'request', request, takesMs };
  };
  const pauseOf = (pause: Pause): Step => ({ kind: 'pause', ms: pauseMs(pause, setup) });
  const changeFor = (change: ChangeCase, caller: number): Step => {
    const [token = SOME_TOKEN] = callerAt(caller);
    return { kind: 'change', change: changeOf(change, token, setup.policies) };
  };
  const stepsFor = (episode: Episode): readonly Step[] => {
    switch (episode.kind) {
      case 'requests':
        return episode.picks.map((pick) => requestOf(pick));
      case 'pause':
        return [pauseOf(episode.pause)];
      case 'change':
        return [changeFor(episode.change, episode.caller)];
      case 'revocation': {
        const { pick, pauses, takesMs } = episode;
        const [before, after, later] = [0, 1, 2].map((i) => requestOf(pick, takesMs[i]));
        const change = changeFor(episode.change, pick.caller);
        const steps = [before, change, pauseOf(pauses[0]), after, pauseOf(pauses[1]), later];
        return steps.filter((step) => step !== undefined);
      }
    }
  };
  return episodes.flatMap(stepsFor);
}

/** Stands for that of a caller who has none. */
const SOME_TOKEN: TokenCase = {
  kind: 'valid',
  policy: 0,
  shift: 0,
  scopes: [],
  credential: 0,
  issuedAtSeconds: undefined,
};
