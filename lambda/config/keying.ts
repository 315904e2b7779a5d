import { relationOf, templateOf } from './route-template.ts';
import type { AuthorizerConfig, JwtPolicy, RouteRule, TokenPlace } from './types.ts';

/**
 * Which requests may share an answer.
 *
 * API Gateway caches what the authorizer says under the values of its identity sources, and applies it to
 * every request with the same values. So everything that the decision reads must be an identity source, or
 * nothing may be cached. This module is the only place that knows what a decision reads; the stack and the
 * local gateway both ask it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 */
export interface Keying {
  readonly type: 'TOKEN' | 'REQUEST';
  /** All of them must be there, or API Gateway answers 401 itself. Empty only when nothing is cached. */
  readonly identitySources: readonly IdentitySource[];
  readonly cacheSeconds: number;
  /** Why it is so, for a person. */
  readonly reason: string;
}

export type IdentitySource =
  | { readonly in: 'header'; readonly name: string }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'context'; readonly name: 'resourcePath' | 'httpMethod' };

/** What of a configuration says how answers are kept; plain JSON. */
export interface Keyed extends Pick<AuthorizerConfig, 'routes' | 'authorizerCacheSeconds'> {
  readonly policies: readonly Pick<JwtPolicy, 'tokenPlace' | 'passThrough'>[];
}

/** What an attachment keeps of a configuration, and no more: policies hold keys. */
export const keyedOf = ({ policies, routes, authorizerCacheSeconds }: AuthorizerConfig): Keyed => ({
  policies: policies.map(({ tokenPlace, passThrough }) => ({ tokenPlace, passThrough })),
  routes,
  authorizerCacheSeconds,
});

/**
 * @param resource the path of the API's resource that receives the requests, such as `/orders/{id}`.
 * @returns how an authorizer for that resource's methods must be keyed.
 */
export function keyingOf(config: Keyed, resource: string): Keying {
  const places = tokenPlacesOf(config);
  const [place] = places;
  if (allowsAnonymous(config)) {
    return uncached(
      'passThrough lets requests without a token through, and a missing identity source would be a 401',
    );
  }
  if (place === undefined || places.length > 1) {
    return uncached(`the token may be in ${places.length} places, and every identity source must be there`);
  }
  const source = identitySourceOf(place);
  if (!hasScopedRoutes(config.routes)) {
    return {
      type: config.policies.every(({ tokenPlace }) => tokenPlace.in === 'header') ? 'TOKEN' : 'REQUEST',
      identitySources: [source],
      cacheSeconds: config.authorizerCacheSeconds,
      reason:
        'no route asks for scopes, so an answer depends on the token alone and holds for the whole stage',
    };
  }
  const inside = rulePathsInside(config.routes, resource);
  if (inside.length > 0) {
    return uncached(
      `${inside.join(', ')} can be reached through ${resource}, where only the path tells which rule holds, and a path cannot be an identity source`,
    );
  }
  return {
    type: 'REQUEST',
    identitySources: [source, { in: 'context', name: 'resourcePath' }, { in: 'context', name: 'httpMethod' }],
    cacheSeconds: config.authorizerCacheSeconds,
    reason: 'routes ask for scopes, so an answer depends on the token, the resource and the method',
  };
}

/** An authorizer of an API with the resources whose methods use it. */
export interface KeyedResources {
  readonly keying: Keying;
  readonly resources: readonly string[];
}

/**
 * @returns the authorizers that an API with these resources needs: one for each way of keying, in the order
 * of the resources. (API Gateway allows ten; there are never more than two.)
 */
export function keyingsOf(config: Keyed, resources: readonly string[]): readonly KeyedResources[] {
  const groups = new Map<string, { keying: Keying; resources: string[] }>();
  for (const resource of resources) {
    const keying = keyingOf(config, resource);
    const id = JSON.stringify([keying.type, keying.identitySources, keying.cacheSeconds > 0]);
    const group = groups.get(id) ?? { keying, resources: [] };
    group.resources.push(resource);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** An anonymous caller is possible only when no policy of the list insists on a token. */
export function allowsAnonymous(config: Pick<Keyed, 'policies'>): boolean {
  return config.policies.every((policy) => policy.passThrough);
}

export function hasScopedRoutes(routes: readonly RouteRule[]): boolean {
  return routes.some((rule) => rule.scopes.length > 0);
}

/** The distinct places in which some policy looks for a token. */
export function tokenPlacesOf(config: Pick<Keyed, 'policies'>): readonly TokenPlace[] {
  const places = new Map<string, TokenPlace>();
  for (const { tokenPlace } of config.policies) {
    const { in: where, name } = identitySourceOf(tokenPlace);
    const id = where === 'header' ? `header ${name.toLowerCase()}` : `${where} ${name}`;
    if (!places.has(id)) places.set(id, tokenPlace);
  }
  return [...places.values()];
}

/** Paths of scoped rules that hold for some, but not all, of the requests that a resource receives. */
export function rulePathsInside(routes: readonly RouteRule[], resource: string): readonly string[] {
  const template = templateOf(resource);
  return routes
    .filter((rule) => rule.scopes.length > 0)
    .flatMap((rule) => rule.paths)
    .filter((path) => relationOf(templateOf(path), template) === 'partial');
}

/**
 * Whether a request's path can be another one than its resource says (`/files/../orders`), and so one of a
 * scoped route. That takes a variable part: API Gateway decodes path parameters for the backend, so a `%2F`
 * in `{id}` is a slash there.
 */
export function needsPathGuard(routes: readonly RouteRule[], resource: string): boolean {
  return hasScopedRoutes(routes) && templateOf(resource).some((segment) => segment.kind !== 'literal');
}

function identitySourceOf(place: TokenPlace): IdentitySource & { in: 'header' | 'query' } {
  if (place.in === 'cookie') return { in: 'header', name: 'Cookie' };
  return { in: place.in, name: place.name };
}

function uncached(reason: string): Keying {
  return { type: 'REQUEST', identitySources: [], cacheSeconds: 0, reason };
}
