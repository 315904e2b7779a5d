/** Random APIs, selectors and requests that may tell resources apart. */
import fc from 'fast-check';
import type { Selector } from '../../lambda/config/types.ts';
import type { Definition, Method } from '../support/control-plane/shapes.ts';
import { set, theirs } from './model-scene.ts';

export interface RandomApi {
  readonly routes: readonly string[];
  /** What stands before each. */
  readonly types: readonly string[];
}

const TEXTS = ['a', 'b', 'c'];
const VERBS = ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'ANY'];
const TYPES = ['NONE', 'NONE', 'AWS_IAM', 'CUSTOM'];

/** `a`, `{x}` or, at the end, `{p+}`: one name each, as API Gateway has one variable child a resource. */
const path = fc
  .tuple(
    fc.array(fc.constantFrom(...TEXTS, '{x}'), { maxLength: 3 }),
    fc.constantFrom<string[]>([], [], ['{p+}']),
  )
  .map(([segments, end]) => `/${[...segments, ...end].join('/')}`);

export const randomApi: fc.Arbitrary<RandomApi> = fc
  .uniqueArray(fc.record({ verb: fc.constantFrom(...VERBS), path, type: fc.constantFrom(...TYPES) }), {
    minLength: 1,
    maxLength: 10,
    selector: ({ verb, path }) => `${verb} ${path}`,
  })
  .map((all) => ({
    routes: all.map(({ verb, path }) => `${verb} ${path}`),
    types: all.map(({ type }) => type),
  }));

export const randomSelectors: fc.Arbitrary<readonly Selector[]> = fc.array(
  fc.record({
    excludes: fc.constantFrom(false, false, true),
    httpMethod: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'ANY', 'ANY'),
    path: path.map((text) => text.replace('{p+}', '{proxy+}')),
  }),
  { maxLength: 4 },
);

/** Of the templates' own words, another one, and empty segments. */
export const randomRequest = fc.record({
  verb: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  segments: fc.array(fc.constantFrom(...TEXTS, 'other', ''), { maxLength: 5 }),
});

export const pathOf = (segments: readonly string[]): string =>
  `/${segments.join('/')}${segments.at(-1) === '' ? '/' : ''}`;

/** Whether a selector means a request, said as the documentation says it. */
export function means(
  { httpMethod, path }: Selector,
  { verb, segments }: { readonly verb: string; readonly segments: readonly string[] },
): boolean {
  const isVerb =
    httpMethod === 'ANY'
      ? verb !== 'OPTIONS'
      : verb === httpMethod || (verb === 'HEAD' && httpMethod === 'GET');
  const parts = path === '/' ? '' : path.replaceAll(/\/\{\w+\}/g, '/[^/]+').replace(/\/\{proxy\+\}$/, '/.*');
  return isVerb && new RegExp(`^${parts}$`).test(segments.map((text) => `/${text}`).join(''));
}

export const build =
  ({ routes, types }: RandomApi) =>
  (definition: Definition): void => {
    const custom = theirs(definition).id;
    for (const [i, route] of routes.entries()) {
      const authorizationType = types[i] ?? 'NONE';
      const settings: Partial<Method> = {
        authorizationType,
        apiKeyRequired: i % 3 === 0,
        ...(authorizationType === 'CUSTOM' && { authorizerId: custom }),
      };
      set(definition, route, settings);
    }
  };
