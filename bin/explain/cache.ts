import { keyingOf } from '../../lambda/config/keying.ts';
import { revocationBound } from '../../lambda/config/revocation-bound.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import type { CacheUse } from './explanation.ts';
import type { LocalGateway } from './local-gateway.ts';
import { identitySourceName } from './show.ts';

/**
 * What API Gateway's cache makes of an answer.
 * @param answer `kept` is a policy; `not kept` a 401 or 500; `none`: the function is not asked.
 * @param local where the cache is a local gateway's, and it is known whether one runs.
 */
export function cacheUseOf(
  config: AuthorizerConfig,
  resource: string,
  answer: 'kept' | 'not kept' | 'none',
  local?: LocalGateway,
): CacheUse {
  const { cacheSeconds, identitySources, reason } = keyingOf(config, resource);
  if (answer === 'none') return { seconds: 0, identitySources: [], text: 'the function is not asked' };
  if (cacheSeconds === 0)
    return { seconds: 0, identitySources: [], text: `nothing is kept: ${why(config, reason)}` };
  const names = identitySources.map(identitySourceName);
  const before = earlier(config, cacheSeconds, local);
  if (answer === 'not kept') {
    return { seconds: 0, identitySources: [], text: `this answer is not kept; ${before}` };
  }
  return {
    seconds: cacheSeconds,
    identitySources: names,
    text: `kept ${cacheSeconds} s under ${names.join(', ')}; ${before}`,
  };
}

/**
 * A local gateway's cache goes with it. Each change through it is flushed, and what the function gives from its memory in between
 * is kept again until the second flush: see {@link revocationBound}.
 */
function earlier(config: AuthorizerConfig, cacheSeconds: number, local: LocalGateway | undefined): string {
  if (local?.state === 'stopped') return `no gateway runs on ${local.folder}, so no earlier answer is in use`;
  const before = `an earlier answer may be in use for up to ${cacheSeconds} s`;
  const bound = revocationBound(config);
  if (local === undefined || bound === undefined) return before;
  const { withFlushesSeconds, credentialCacheSeconds, functionTimeoutSeconds } = bound;
  const terms = `credentialCacheSeconds ${credentialCacheSeconds} + the function's time limit ${functionTimeoutSeconds}`;
  return `${before}; after a change of consumers, by which the local gateway is flushed twice, for up to ${withFlushesSeconds} s (${terms}), from the function's memory or as an answer kept again`;
}

const why = ({ authorizerCacheSeconds }: AuthorizerConfig, reason: string): string =>
  authorizerCacheSeconds === 0 ? 'authorizerCacheSeconds is 0' : reason;
