import type { IdentitySource, Keying } from './keying.ts';

/** What of an API Gateway authorizer follows from how its answers may be kept, in AWS's own words. */
export interface KeyedProperties {
  readonly name: string;
  /** `TOKEN` or `REQUEST`. */
  readonly type: string;
  /** Mapping expressions, with a comma between them; undefined: none. */
  readonly identitySource?: string;
  readonly authorizerResultTtlInSeconds: number;
}

export function keyedProperties(keying: Keying): KeyedProperties {
  const { type, identitySources, cacheSeconds } = keying;
  return {
    name: nameOf(keying),
    type,
    ...(identitySources.length > 0 && {
      identitySource: identitySources.map(mappingExpression).join(','),
    }),
    authorizerResultTtlInSeconds: cacheSeconds,
  };
}

/** For the deployer: how API Gateway caches the answers, and why. */
export function explain({ type, identitySources, cacheSeconds, reason }: Keying): string {
  const sources = identitySources.map(mappingExpression).join(', ') || 'none';
  const kept = cacheSeconds === 0 ? 'never cached' : `cached for ${cacheSeconds} s`;
  return `${type} authorizer, identity sources: ${sources}; ${kept}: ${reason}`;
}

/** Unique within an API, and telling: what the answers are kept under. */
export function nameOf({ type, identitySources, cacheSeconds }: Keying): string {
  if (type === 'TOKEN') return 'Token';
  if (identitySources.length === 0) return 'Uncached';
  const kind = identitySources.some((source) => source.in === 'context') ? 'Route' : 'Request';
  return cacheSeconds === 0 ? `Uncached${kind}` : kind;
}

function mappingExpression(source: IdentitySource): string {
  if (source.in === 'context') return `context.${source.name}`;
  return `method.request.${source.in === 'query' ? 'querystring' : 'header'}.${source.name}`;
}
