/** Generated APIs, callers and requests: small alphabets, so that much of it meets. */
import fc from 'fast-check';
import { resourcesOf } from '../../lambda/config/resources.ts';
import type { RouteRule } from '../../lambda/config/types.ts';

/** Where policies look for the token, and what they let through. */
export interface Setup {
  readonly places: 'bearer' | 'header' | 'query' | 'cookie' | 'bearer, then query' | 'two issuers';
  readonly passThrough: boolean;
  readonly onDenial: 'unauthorized' | 'policy';
  readonly expiryCondition: boolean;
}

export type CallerKind =
  | 'valid'
  | 'expired'
  | 'not yet valid'
  | 'garbage'
  | 'foreign signature'
  | 'twice'
  | 'absent';

export interface CallerCase {
  readonly kind: CallerKind;
  readonly scopes: readonly string[];
  /** Which of the setup's issuers, or places, where it has two. */
  readonly choice: 0 | 1;
}

export interface RequestCase {
  readonly method: string;
  readonly path: string;
  readonly caller: CallerCase;
}

export interface Case {
  readonly setup: Setup;
  readonly routes: readonly RouteRule[];
  readonly resources: readonly string[];
  readonly requests: readonly RequestCase[];
}

const SCOPES = ['r', 'w'];

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

/** Spellings of a segment: mostly itself, sometimes what another reader takes for something else. */
const segment: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        'A',
        '%61',
        '',
        '.',
        '..',
        '%2e',
        '%2E%2e',
        '.%2e',
        '..;',
        '.;v=1',
        '..%3B',
        ';v=1',
        'a%2fb',
        'a%2Fb',
      ],
      ...['a\\b', 'a%5Cb', '%zz', 'a%', 'a%20b', '...', '*', '%3F', 'a%23', '%252e%252e', 'a%252Fb'],
      ...['%2561', '%25', '%00', 'a%7F', '$', '@'],
    ),
  },
);

/** A path of a resource, or any; a hole of a resource's template is filled with one of `fill`. */
interface PathCase {
  readonly pick: number | 'any';
  readonly fill: readonly string[];
  readonly end: string;
}

const pathCase: fc.Arbitrary<PathCase> = fc.record({
  pick: fc.oneof(fc.nat(9), fc.nat(9), fc.constant<'any'>('any')),
  fill: fc.array(segment, { maxLength: 4 }),
  end: fc.constantFrom('', '', '', '/'),
});

function pathOf({ pick, fill, end }: PathCase, resources: readonly string[]): string {
  const resource = pick === 'any' ? '/{proxy+}' : (resources[pick % resources.length] ?? '/');
  const left = [...fill];
  const segments = resource
    .slice(1)
    .split('/')
    .flatMap((text) => {
      if (text.endsWith('+}')) return left.length > 0 ? left : ['c'];
      return text.startsWith('{') ? [left.shift() ?? 'c'] : [text];
    });
  const path = `/${segments.join('/')}`;
  return path === '/' ? path : path + end;
}

const caller: fc.Arbitrary<CallerCase> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant<CallerKind>('valid') },
    {
      weight: 2,
      arbitrary: fc.constantFrom<CallerKind>(
        ...(['expired', 'not yet valid', 'garbage', 'foreign signature', 'twice', 'absent'] as const),
      ),
    },
  ),
  scopes: fc.subarray(SCOPES),
  choice: fc.constantFrom(0, 1),
});

const setup: fc.Arbitrary<Setup> = fc.record({
  places: fc.constantFrom('bearer', 'header', 'query', 'cookie', 'bearer, then query', 'two issuers'),
  passThrough: fc.constantFrom(false, false, false, true),
  onDenial: fc.constantFrom('unauthorized', 'policy'),
  expiryCondition: fc.boolean(),
});

/** A few callers and paths, taken again and again: what was cached must be asked for. */
const traffic = fc.record({
  callers: fc.array(caller, { minLength: 1, maxLength: 3 }),
  paths: fc.array(pathCase, { minLength: 1, maxLength: 5 }),
  picks: fc.array(fc.tuple(fc.nat(2), fc.nat(4), fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'DELETE')), {
    minLength: 2,
    maxLength: 14,
    size: 'max',
  }),
});

export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    setup,
    routes: fc.array(rule, { maxLength: 3 }),
    declared: fc.option(fc.array(template, { minLength: 1, maxLength: 6 }), { nil: undefined }),
    traffic,
  })
  .map(({ setup, routes, declared, traffic: { callers, paths, picks } }) => {
    const resources = declared === undefined ? resourcesOf(routes) : asApi(declared);
    const requests = picks.flatMap(([c, p, method]) => {
      const [by, to] = [callers[c % callers.length], paths[p % paths.length]];
      return by && to ? [{ caller: by, path: pathOf(to, resources), method }] : [];
    });
    return { setup, routes, resources, requests };
  });

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
