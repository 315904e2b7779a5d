/** Which scopes a request needs, by its resource and method: the `routes` of a configuration as a table. */
import { holdsForMethod } from '../../lambda/authorizer/routes.ts';
import { resourcesOf } from '../../lambda/config/resources.ts';
import { formatTemplate, relationOf, templateOf } from '../../lambda/config/route-template.ts';
import type { AuthorizerConfig, RouteRule } from '../../lambda/config/types.ts';

export interface Matrix {
  /** Of all rules, in the order of their names. */
  readonly scopes: readonly string[];
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly resource: string;
  /** Those that need the same. */
  readonly methods: readonly string[];
  /** Whether these are all that there are. */
  readonly isEveryMethod: boolean;
  /** What is not in it is not needed. */
  readonly needs: readonly Need[];
}

export interface Need {
  readonly scope: string;
  /** Paths inside the resource that need it; empty: all do. */
  readonly onlyOn: readonly string[];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function matrixOf({ routes, cors }: Pick<AuthorizerConfig, 'routes' | 'cors'>): Matrix {
  // The API answers preflights itself.
  const methods = METHODS.filter((method) => cors === undefined || method !== 'OPTIONS');
  const scopes = [...new Set(routes.flatMap((rule) => rule.scopes))].sort();
  const resources = resourcesOf(routes);
  // Of a path that is a resource of its own, its requests go there, and not to a wider one.
  const inside = (path: string) => !resources.includes(formatTemplate(templateOf(path)));
  return { scopes, rows: resources.flatMap((resource) => rowsOf(resource, { routes, methods, inside })) };
}

interface Api {
  readonly routes: readonly RouteRule[];
  readonly methods: readonly string[];
  /** Whether a rule's path may be reached through wider resources alone. */
  readonly inside: (path: string) => boolean;
}

function rowsOf(resource: string, { routes, methods, inside }: Api): readonly MatrixRow[] {
  const byNeeds = new Map<string, { needs: readonly Need[]; methods: string[] }>();
  for (const method of methods) {
    const rules = routes.filter((rule) => holdsForMethod(rule.methods, method));
    const needs = needsOf(resource, rules, inside);
    const alike = byNeeds.get(JSON.stringify(needs));
    if (alike === undefined) byNeeds.set(JSON.stringify(needs), { needs, methods: [method] });
    else alike.methods.push(method);
  }
  const isEveryMethod = byNeeds.size === 1;
  return [...byNeeds.values()].map((group) => ({ resource, isEveryMethod, ...group }));
}

function needsOf(resource: string, rules: readonly RouteRule[], inside: Api['inside']): readonly Need[] {
  const template = templateOf(resource);
  const onlyOn = new Map<string, Set<string>>();
  const always = new Set<string>();
  for (const { scopes, paths } of rules) {
    for (const path of paths) {
      const relation = relationOf(templateOf(path), template);
      if (relation === 'disjoint' || (relation === 'partial' && !inside(path))) continue;
      for (const scope of scopes) {
        if (relation === 'covers') always.add(scope);
        onlyOn.set(scope, (onlyOn.get(scope) ?? new Set()).add(path));
      }
    }
  }
  return [...onlyOn]
    .map(([scope, paths]) => ({ scope, onlyOn: always.has(scope) ? [] : [...paths] }))
    .sort((one, other) => (one.scope < other.scope ? -1 : 1));
}
