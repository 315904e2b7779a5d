/** Generated APIs, callers, requests and what happens between them: small alphabets, so that much of it meets. */
import fc from 'fast-check';
import { resourcesOf } from '../../lambda/config/resources.ts';
import type { RouteRule } from '../../lambda/config/types.ts';
import { type PathCase, pathCase, pathOf } from './path-cases.ts';
import { anyCaller, anyPolicies, type CallerCase, type PolicyCase, SCOPES } from './policy-cases.ts';
import type { Network, ResourcePolicy } from './resource-policy.ts';
import type { Change, TableState } from './table.ts';
import { anyChange, anyTable, type ChangeCase, changeOf, tableOf } from './table-cases.ts';

export interface Setup {
  readonly policies: readonly PolicyCase[];
  readonly onDenial: 'unauthorized' | 'policy';
  readonly expiryCondition: boolean;
  readonly authorizerCacheSeconds: number;
  readonly credentialCacheSeconds: number;
}

export interface RequestCase {
  readonly method: string;
  readonly path: string;
  readonly from: Network;
  readonly caller: CallerCase;
}

export type Step =
  /** `takesMs`: how long the function takes to answer what it has decided. */
  | { readonly kind: 'request'; readonly request: RequestCase; readonly takesMs: number }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'pause'; readonly ms: number };

export interface Case {
  readonly setup: Setup;
  readonly routes: readonly RouteRule[];
  readonly resources: readonly string[];
  readonly resourcePolicy: ResourcePolicy;
  readonly table: TableState;
  readonly steps: readonly Step[];
}

/** The function's time limit. */
export const TIME_LIMIT_MS = 10_000;

/** From when on nobody passes by what was so before a change that took it away. */
export function boundMsOf({ credentialCacheSeconds }: Setup): number {
  return credentialCacheSeconds * 1000 + TIME_LIMIT_MS;
}

const template: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'a', 'b', '{x}'), { maxLength: 3 }),
    fc.constantFrom('', '', '', '{proxy+}'),
  )
  .map(([segments, tail]) => `/${[...segments, tail].filter((segment) => segment !== '').join('/')}`);

const rule: fc.Arbitrary<RouteRule> = fc
  .record({
    paths: fc.array(template, { minLength: 1, maxLength: 2 }),
    methods: fc.option(fc.subarray(['GET', 'POST', 'HEAD'], { minLength: 1 }), { nil: undefined }),
    scopes: fc.subarray(SCOPES),
  })
  .map(({ methods, ...rest }) => ({ ...rest, ...(methods !== undefined && { methods }) }));

const setup: fc.Arbitrary<Setup> = fc.record({
  policies: anyPolicies,
  onDenial: fc.constantFrom('unauthorized', 'policy'),
  expiryCondition: fc.boolean(),
  authorizerCacheSeconds: fc.constantFrom(300, 300, 20),
  credentialCacheSeconds: fc.constantFrom(0, 5, 30),
});

const network = fc.constantFrom<Network>('office', 'elsewhere');

const resourcePolicy: fc.Arbitrary<ResourcePolicy> = fc.constantFrom<ResourcePolicy>(
  undefined,
  undefined,
  [{ effect: 'Allow' }],
  [{ effect: 'Allow', from: 'office' }],
  [{ effect: 'Deny', from: 'elsewhere' }],
  [{ effect: 'Allow' }, { effect: 'Deny', from: 'elsewhere' }],
  [{ effect: 'Allow', method: 'POST' }],
  [{ effect: 'Allow' }, { effect: 'Deny', method: 'DELETE' }],
);

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
  from: network,
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
  | { readonly kind: 'change'; readonly change: ChangeCase; readonly credential: number }
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
      credential: fc.nat(2),
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
const traffic = fc.record({
  callers: fc.array(anyCaller, { minLength: 1, maxLength: 2 }),
  paths: fc.array(pathCase, { minLength: 1, maxLength: 4 }),
  episodes: fc.array(episode, { minLength: 1, maxLength: 4, size: 'max' }),
});

export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    setup,
    routes: fc.array(rule, { maxLength: 3 }),
    declared: fc.option(fc.array(template, { minLength: 1, maxLength: 6 }), { nil: undefined }),
    resourcePolicy,
    table: anyTable,
    traffic,
  })
  .map(({ setup, routes, declared, resourcePolicy, table, traffic }) => {
    const resources = declared === undefined ? resourcesOf(routes) : asApi(declared);
    const request = requestsOf(traffic, resources);
    const steps = traffic.episodes.flatMap((episode) => stepsOf(episode, { setup, request }));
    return { setup, routes, resources, resourcePolicy, table: tableOf(table, setup.policies), steps };
  });

type RequestStep = Extract<Step, { kind: 'request' }>;

function requestsOf(
  { callers, paths }: { readonly callers: readonly CallerCase[]; readonly paths: readonly PathCase[] },
  resources: readonly string[],
) {
  return (pick: Pick, takesMs = 0): RequestStep => {
    const [caller = [], path] = [callers[pick.caller % callers.length], paths[pick.path % paths.length]];
    const request = {
      caller,
      path: path ? pathOf(path, resources) : '/',
      method: pick.method,
      from: pick.from,
    };
    return { kind: 'request', request, takesMs };
  };
}

function stepsOf(
  episode: Episode,
  {
    setup,
    request,
  }: { readonly setup: Setup; readonly request: (pick: Pick, takesMs?: number) => RequestStep },
): readonly Step[] {
  const pauseOf = (pause: Pause): Step => ({ kind: 'pause', ms: pauseMs(pause, setup) });
  const change = (change: ChangeCase, credential: number): Step => ({
    kind: 'change',
    change: changeOf(change, credential),
  });
  switch (episode.kind) {
    case 'requests':
      return episode.picks.map((pick) => request(pick));
    case 'pause':
      return [pauseOf(episode.pause)];
    case 'change':
      return [change(episode.change, episode.credential)];
    case 'revocation': {
      const { pick, pauses, takesMs } = episode;
      const asked = (i: 0 | 1 | 2) => request(pick, takesMs[i]);
      const before = asked(0);
      const named = before.request.caller[0]?.credential ?? 0;
      const revocation = change(episode.change, named);
      return [before, revocation, pauseOf(pauses[0]), asked(1), pauseOf(pauses[1]), asked(2)];
    }
  }
}

/** What API Gateway would take of a list of resources: one variable child each. */
function asApi(templates: readonly string[]): readonly string[] {
  const variables = new Map<string, string>();
  const taken = templates.filter((candidate) => {
    const segments = candidate.slice(1).split('/');
    return segments.every((text, i) => {
      if (!text.startsWith('{')) return true;
      const parent = segments.slice(0, i).join('/');
      const other = variables.get(parent) ?? text;
      variables.set(parent, other);
      return other === text;
    });
  });
  return [...new Set(taken)];
}
