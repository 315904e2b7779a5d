import { keyingOf } from '../../lambda/config/keying.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import type { CacheUse } from './explanation.ts';
import { identitySourceName } from './show.ts';

/**
 * What API Gateway's cache makes of an answer.
 * @param answer `kept` is a policy; `not kept` a 401 or 500; `none`: the function is not asked.
 */
export function cacheUseOf(
  config: AuthorizerConfig,
  resource: string,
  answer: 'kept' | 'not kept' | 'none',
): CacheUse {
  const { cacheSeconds, identitySources, reason } = keyingOf(config, resource);
  if (answer === 'none') return { seconds: 0, identitySources: [], text: 'the function is not asked' };
  if (cacheSeconds === 0)
    return { seconds: 0, identitySources: [], text: `nothing is kept: ${why(config, reason)}` };
  const names = identitySources.map(identitySourceName);
  const before = `an earlier answer may be in use for up to ${cacheSeconds} s`;
  if (answer === 'not kept') {
    return { seconds: 0, identitySources: [], text: `this answer is not kept; ${before}` };
  }
  return {
    seconds: cacheSeconds,
    identitySources: names,
    text: `kept ${cacheSeconds} s under ${names.join(', ')}; ${before}`,
  };
}

const why = ({ authorizerCacheSeconds }: AuthorizerConfig, reason: string): string =>
  authorizerCacheSeconds === 0 ? 'authorizerCacheSeconds is 0' : reason;
