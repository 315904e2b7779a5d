import type { IdentitySource } from '../../lambda/config/keying.ts';
import { type GatewayRequest, headerValues, queryValues } from './request.ts';
import type { Route } from './resource-router.ts';

/** What a request holds at an authorizer's identity sources: a list of values for each source, in order. */
export type IdentityValues = readonly (readonly string[])[];

/**
 * @returns undefined when a source is missing or empty: API Gateway then answers 401 itself and does not
 * invoke the function.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 */
export function identityValuesOf(
  sources: readonly IdentitySource[],
  request: GatewayRequest,
  route: Route,
): IdentityValues | undefined {
  const values = sources.map((source) => valuesOf(source, request, route));
  return values.every((list) => list.some((value) => value !== '')) ? values : undefined;
}

/**
 * A cache key that no other values have: a header sent twice must not share an answer with one header that
 * holds both values, since the function sees the difference.
 */
export function cacheKeyOf(values: IdentityValues): string {
  return JSON.stringify(values);
}

/** A TOKEN event's `authorizationToken`: it has no way of saying that a header came more than once. */
export function authorizationTokenOf(values: IdentityValues): string {
  return (values[0] ?? []).join(',');
}

function valuesOf(source: IdentitySource, request: GatewayRequest, route: Route): readonly string[] {
  switch (source.in) {
    case 'header':
      return headerValues(request, source.name);
    case 'query':
      return queryValues(request, source.name);
    case 'context':
      return [source.name === 'resourcePath' ? route.resource : request.method];
  }
}
