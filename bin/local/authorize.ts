import { FUNCTION_TIMEOUT_SECONDS } from '../../lambda/config/function-timeout.ts';
import { keyingsOf } from '../../lambda/config/keying.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import type { AuthorizerCache } from './authorizer-cache.ts';
import { type AuthorizerResult, parseAuthorizerResult } from './authorizer-result.ts';
import {
  type ApiNames,
  type AuthorizerEvent,
  methodArnOf,
  type RequestMoment,
  requestEvent,
  tokenEvent,
} from './events.ts';
import { FunctionError } from './function-error.ts';
import type { GatewayResponse } from './gateway-responses.ts';
import { authorizationTokenOf, cacheKeyOf, type IdentityValues, identityValuesOf } from './identity.ts';
import { evaluatePolicy } from './policy.ts';
import type { GatewayRequest } from './request.ts';
import type { Route } from './resource-router.ts';

/** A request on its way, as far as authorization looks at it. */
interface Arrival extends RequestMoment {
  readonly request: GatewayRequest;
  readonly route: Route;
}

export type CacheUse = 'hit' | 'miss' | 'off';

export type Conclusion =
  | { readonly allowed: true; readonly caller: AuthorizerResult }
  | {
      readonly allowed: false;
      readonly response: GatewayResponse;
      readonly reason: string;
      /** What the function said with a policy that denies. */
      readonly context?: AuthorizerResult['context'];
      /** Whom that policy is about. */
      readonly principalId?: string;
      /** Why, where the function says so: a denial's code, or an outage's reason. */
      readonly code?: string;
    };

type Decision = { readonly cache: CacheUse } & Conclusion;

export type Authorize = (arrival: Arrival) => Promise<Decision>;

/** The Lambda function: resolves with its answer, rejects with its error. */
export type Invoke = (event: AuthorizerEvent) => Promise<unknown>;

export interface AuthorizeOptions {
  readonly config: Pick<AuthorizerConfig, 'policies' | 'routes' | 'authorizerCacheSeconds'>;
  readonly resources: readonly string[];
  readonly api: ApiNames;
  readonly invoke: Invoke;
  readonly cache: AuthorizerCache;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The function's own time-out. @default 10,000 */
  readonly invokeTimeoutMs?: number;
}

/**
 * @returns what API Gateway does with a method that has a Lambda authorizer: identity sources, cache,
 * function, and the policy evaluated for this very request.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function createAuthorize(options: AuthorizeOptions): Authorize {
  const { config, resources, api, cache, now } = options;
  const authorizers = new Map(
    keyingsOf(config, resources).flatMap((keyed, id) =>
      keyed.resources.map((resource) => [resource, { id, keying: keyed.keying }] as const),
    ),
  );
  return async (arrival) => {
    const authorizer = authorizers.get(arrival.route.resource);
    if (!authorizer) throw new Error('a route to a resource without an authorizer');
    const { id, keying } = authorizer;
    const values = identityValuesOf(keying.identitySources, arrival.request, arrival.route);
    if (!values)
      return { allowed: false, response: 'UNAUTHORIZED', reason: 'identity_source_missing', cache: 'off' };

    const key = `${id} ${cacheKeyOf(values)}`;
    const cached = keying.cacheSeconds > 0 ? cache.get(key) : undefined;
    const use = keying.cacheSeconds === 0 ? 'off' : cached ? 'hit' : 'miss';
    const keep = cache.reserve(key, keying.cacheSeconds);
    const answer = cached
      ? ({ ok: true, result: cached } as const)
      : await askFunction(options, eventFor(api, arrival, keying.type === 'TOKEN' ? values : undefined));
    if (answer.ok && !cached) keep(answer.result);
    return { ...conclude(answer, methodArnOf(api, arrival.request), now()), cache: use };
  };
}

/** What API Gateway does with an event that it has made already, as one that it wrote to a log. Never cached. */
export async function authorizeEvent(
  event: unknown,
  methodArn: string,
  options: Pick<AuthorizeOptions, 'invoke' | 'invokeTimeoutMs' | 'now'>,
): Promise<Conclusion> {
  return conclude(await askFunction(options, event as AuthorizerEvent), methodArn, options.now());
}

/** The policy is evaluated for the request at hand, whether it was made for it or is a cached one. */
function conclude(answer: Answer, methodArn: string, nowMs: number): Conclusion {
  if (!answer.ok) {
    const { response, reason, code } = answer;
    return { allowed: false, response, reason, ...(code !== undefined && { code }) };
  }
  const { policy, context, principalId } = answer.result;
  const verdict = evaluatePolicy(policy, methodArn, nowMs);
  const { code } = context;
  const said = { context, principalId, ...(code !== undefined && { code }) };
  if (verdict === 'explicit-deny')
    return { allowed: false, response: 'ACCESS_DENIED_EXPLICITLY', reason: 'explicit_deny', ...said };
  if (verdict === 'no-match')
    return { allowed: false, response: 'ACCESS_DENIED', reason: 'no_statement_matched', ...said };
  return { allowed: true, caller: answer.result };
}

function eventFor(api: ApiNames, arrival: Arrival, token: IdentityValues | undefined): AuthorizerEvent {
  return token
    ? tokenEvent(methodArnOf(api, arrival.request), authorizationTokenOf(token))
    : requestEvent(api, arrival, arrival);
}

type Answer =
  | { readonly ok: true; readonly result: AuthorizerResult }
  | {
      readonly ok: false;
      readonly response: GatewayResponse;
      readonly reason: string;
      readonly code?: string;
    };

async function askFunction(
  options: Pick<AuthorizeOptions, 'invoke' | 'invokeTimeoutMs'>,
  event: AuthorizerEvent,
): Promise<Answer> {
  let answer: unknown;
  try {
    answer = asJson(
      await withTimeout(
        options.invoke(asJson(event)),
        options.invokeTimeoutMs ?? FUNCTION_TIMEOUT_SECONDS * 1000,
      ),
    );
  } catch (error) {
    if (error instanceof FunctionTimeout) return failed('AUTHORIZER_FAILURE', 'function_timed_out');
    // API Gateway goes by the message alone, and it must be exactly this one.
    const isUnauthorized = error instanceof Error && error.message === 'Unauthorized';
    const answered = isUnauthorized
      ? failed('UNAUTHORIZED', 'function_said_unauthorized')
      : failed('AUTHORIZER_FAILURE', 'function_threw');
    const code = error instanceof FunctionError ? error.code : undefined;
    return { ...answered, ...(code !== undefined && { code }) };
  }
  const parsed = parseAuthorizerResult(answer);
  return parsed.ok ? parsed : failed('AUTHORIZER_CONFIGURATION_ERROR', parsed.reason);
}

class FunctionTimeout extends Error {}

function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new FunctionTimeout()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Lambda carries events and answers as JSON: what JSON drops or cannot say does not arrive. */
function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}

function failed(response: GatewayResponse, reason: string): Extract<Answer, { ok: false }> {
  return { ok: false, response, reason };
}
