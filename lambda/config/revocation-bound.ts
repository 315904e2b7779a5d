import { FUNCTION_TIMEOUT_SECONDS } from './function-timeout.ts';
import { keyingsOf } from './keying.ts';
import { needsTable } from './modality.ts';
import { resourcesOf } from './resources.ts';
import type { AuthorizerConfig } from './types.ts';

/**
 * How long after a change of the table a request may still be answered by what was before. In seconds.
 *
 * A warm function remembers what it read for `credentialCacheSeconds`, counted from before the read, so until
 * then after the change at the latest. An invocation that asks its memory in the last moment ends within the
 * function's time limit. API Gateway keeps that answer for `authorizerCacheSeconds`, unless a flush comes: one
 * as soon as the change is known, for the answers of before the change, and one `flushAgainSeconds` later, for
 * those that the warm function gave in between. Both come by the time that the delivery of the change takes.
 *
 *     bound = credentialCacheSeconds + time limit + min(authorizerCacheSeconds, delivery)
 *
 * (docs/revocation.md argues it at length.)
 */
export interface RevocationBound {
  readonly credentialCacheSeconds: number;
  readonly functionTimeoutSeconds: number;
  /** How long API Gateway keeps an answer, as its authorizers are keyed: 0 where none may be kept. */
  readonly authorizerCacheSeconds: number;
  /** After the first flush; nothing that is older can be put into the cache from then on. */
  readonly flushAgainSeconds: number;
  /** With flushes that take no time; what the delivery takes comes on top. */
  readonly withFlushesSeconds: number;
  /** When no flush ever comes. */
  readonly withoutFlushesSeconds: number;
}

type Bounded = Pick<
  AuthorizerConfig,
  | 'policies'
  | 'routes'
  | 'authorizerCacheSeconds'
  | 'credentialCacheSeconds'
  | 'staleCredentialSeconds'
  | 'expiryCondition'
>;

/** What API Gateway's clock and the way of an answer to its cache may add. */
const MARGIN_SECONDS = 1;

/** @returns the longest that an authorizer of these resources keeps an answer. */
export function longestCacheSeconds(config: Bounded, resources = resourcesOf(config.routes)): number {
  return Math.max(0, ...keyingsOf(config, resources).map(({ keying }) => keying.cacheSeconds));
}

/**
 * @param functionTimeoutSeconds the time limit of the authorizer's function. @default 10
 * @returns undefined where nothing is looked up, and so nothing can be revoked.
 */
export function revocationBound(
  config: Bounded,
  functionTimeoutSeconds = FUNCTION_TIMEOUT_SECONDS,
): RevocationBound | undefined {
  if (!needsTable(config)) return undefined;
  const { credentialCacheSeconds } = config;
  const authorizerCacheSeconds = longestCacheSeconds(config);
  const withFlushesSeconds = credentialCacheSeconds + functionTimeoutSeconds;
  return {
    credentialCacheSeconds,
    functionTimeoutSeconds,
    authorizerCacheSeconds,
    flushAgainSeconds: withFlushesSeconds + MARGIN_SECONDS,
    withFlushesSeconds,
    withoutFlushesSeconds: withFlushesSeconds + authorizerCacheSeconds,
  };
}

/** What is said of the time that a flush takes to come on AWS. */
export const DELIVERY_ON_AWS = ' + the delivery of the flush (seconds; AWS promises none)';

/** For a person: the terms, and what they add up to. @param where who delivers a change, and how long it takes. */
export function describeRevocation(
  config: Bounded,
  { functionTimeoutSeconds = FUNCTION_TIMEOUT_SECONDS, delivery }: DescribeOptions,
): string {
  const bound = revocationBound(config, functionTimeoutSeconds);
  if (bound === undefined) {
    const seconds = config.expiryCondition ? 0 : longestCacheSeconds(config);
    return `nothing is looked up, so nothing can be revoked: a token counts until its exp${seconds > 0 ? `, and up to ${seconds} s (authorizerCacheSeconds) longer` : ''}`;
  }
  const { withFlushesSeconds, withoutFlushesSeconds, authorizerCacheSeconds: kept } = bound;
  const remembered = `${bound.credentialCacheSeconds} s (credentialCacheSeconds) + ${functionTimeoutSeconds} s (the function's time limit)`;
  const counts = 'what is taken away still counts for at most';
  const { staleCredentialSeconds: stale } = config;
  const inOutage =
    stale === undefined
      ? ''
      : `; while the table cannot be reached, ${stale + functionTimeoutSeconds + kept} s (with staleCredentialSeconds, ${stale} s)`;
  if (kept === 0)
    return `${counts} ${remembered} = ${withFlushesSeconds} s; API Gateway keeps no answer${inOutage}`;
  return `${counts} ${remembered} = ${withFlushesSeconds} s${delivery}; ${withoutFlushesSeconds} s (with authorizerCacheSeconds, ${kept} s) if no flush succeeds${inOutage}`;
}

interface DescribeOptions {
  readonly functionTimeoutSeconds?: number;
  /** What is said of the time that flushes take to come; empty: none. */
  readonly delivery: string;
}
