/** The authorizer's steps behind the local gateway's identity sources, cache and policy evaluation. */

import { createAuthorize, type Invoke } from '../../bin/local/authorize.ts';
import type { AuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { createAuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { createRouter } from '../../bin/local/resource-router.ts';
import { allow, refuse } from '../../lambda/authorizer/answer.ts';
import { decide } from '../../lambda/authorizer/decide.ts';
import { parseRequest } from '../../lambda/authorizer/request.ts';
import type { AuthorizerConfig, JwtPolicy, TokenPlace } from '../../lambda/config/types.ts';
import { BEARER, configOf, dependenciesOf } from '../authorizer/fixtures.ts';
import type { Pair } from '../support/requests.ts';
import { NOW_SECONDS, OTHER_SECRET, SECRET, tokenOf } from '../support/tokens.ts';
import type { CallerCase, Case, RequestCase, Setup } from './cases.ts';
import type { Outcome, Showing } from './model.ts';

/** Faults that a test puts in on purpose. */
export interface Faults {
  readonly cache?: (cache: AuthorizerCache) => AuthorizerCache;
  readonly invoke?: (invoke: Invoke) => Invoke;
}

export interface Answered {
  readonly outcome: Outcome | 'no statement matched' | '500';
  /** All that the API learns of the caller. */
  readonly caller?: { readonly principalId: string; readonly context: Readonly<Record<string, string>> };
  readonly isCached: boolean;
}

/** @returns what the gateway answers, or undefined where no resource takes the path. */
export type Ask = (request: RequestCase) => Promise<(Answered & { resource: string }) | undefined>;

const NO_CACHE: AuthorizerCache = { get: () => undefined, reserve: () => () => {}, flush: () => {} };

export interface Clock {
  nowMs: number;
}

export function throughCache(api: Case, faults: Faults = {}, clock: Clock = fixedClock()): Ask {
  const cache = createAuthorizerCache({ now: () => clock.nowMs });
  return asking(api, faults.cache?.(cache) ?? cache, { faults, clock });
}

export function fresh(api: Case, faults: Faults = {}, clock: Clock = fixedClock()): Ask {
  return asking(api, NO_CACHE, { faults, clock });
}

function fixedClock(): Clock {
  return { nowMs: NOW_SECONDS * 1000 };
}

function asking(
  { setup, routes, resources }: Case,
  cache: AuthorizerCache,
  { faults, clock }: { faults: Faults; clock: Clock },
): Ask {
  const { onDenial, expiryCondition } = setup;
  const config = configOf(policiesOf(setup), { routes, onDenial, expiryCondition });
  const now = () => clock.nowMs;
  const invoke = functionOf(config, now);
  const authorize = createAuthorize({
    config,
    resources,
    api: { apiId: 'abcdef1234', stage: 'prod' },
    invoke: faults.invoke?.(invoke) ?? invoke,
    cache,
    now,
  });
  const router = createRouter(resources);
  return async ({ method, path, caller }) => {
    const route = router(path);
    if (route === undefined) return undefined;
    const request = { method, rawPath: path, sourceIp: '127.0.0.1', ...carrying(setup, caller) };
    const decision = await authorize({ request, route, requestId: 'request-1', receivedAt: now() });
    return { ...answered(decision), resource: route.resource };
  };
}

/** As the handler composes them. */
function functionOf(config: AuthorizerConfig, now: () => number): Invoke {
  const dependencies = dependenciesOf({ config, now });
  return async (event) => {
    const request = parseRequest(event);
    const decision = await decide(request, dependencies);
    if (decision.kind === 'allowed') return allow(decision.caller, request, config);
    const { caller, denial, isLasting } = decision;
    if (caller === undefined && !(config.onDenial === 'policy' && isLasting)) throw new Error('Unauthorized');
    return refuse(denial.code, request, caller);
  };
}

function answered(decision: Awaited<ReturnType<ReturnType<typeof createAuthorize>>>): Answered {
  const isCached = decision.cache === 'hit';
  if (decision.allowed) {
    const { principalId, context } = decision.caller;
    const isAuthenticated = context['authenticated'] === 'true' && context['anonymous'] === undefined;
    return {
      outcome: isAuthenticated ? 'authenticated' : 'anonymous',
      caller: { principalId, context },
      isCached,
    };
  }
  switch (decision.response) {
    case 'UNAUTHORIZED':
      return { outcome: '401', isCached };
    case 'ACCESS_DENIED_EXPLICITLY':
      return { outcome: '403', isCached };
    case 'ACCESS_DENIED':
      return { outcome: 'no statement matched', isCached };
    default:
      return { outcome: '500', isCached };
  }
}

const QUERY: TokenPlace = { in: 'query', name: 'token' };
const ISSUERS = ['https://one.example', 'https://two.example'] as const;

function policiesOf({ places, passThrough }: Setup): readonly Partial<JwtPolicy>[] {
  const common = { scopeClaim: ['scope'], passThrough };
  switch (places) {
    case 'bearer':
      return [{ ...common, tokenPlace: BEARER }];
    case 'header':
      return [{ ...common, tokenPlace: { in: 'header', name: 'X-Token' } }];
    case 'query':
      return [{ ...common, tokenPlace: QUERY }];
    case 'cookie':
      return [{ ...common, tokenPlace: { in: 'cookie', name: 'token' } }];
    case 'bearer, then query':
      return [
        { ...common, tokenPlace: BEARER, passThrough: true },
        { ...common, tokenPlace: QUERY },
      ];
    case 'two issuers':
      return [
        { ...common, issuer: [ISSUERS[0]] },
        { ...common, issuer: [ISSUERS[1]], keySource: { kind: 'inline', key: OTHER_SECRET } },
      ];
  }
}

export function showingOf({ kind, scopes }: CallerCase): Showing {
  if (kind === 'valid') return { kind, scopes };
  if (kind === 'absent') return { kind };
  return { kind: 'invalid', isLasting: kind !== 'not yet valid' };
}

function carrying(
  { places }: Setup,
  caller: CallerCase,
): { readonly headers: readonly Pair[]; readonly rawQuery?: string } {
  const tokens = tokensOf(caller, places === 'two issuers');
  const inHeader = (name: string, prefix = '') => ({
    headers: tokens.map((token): Pair => [name, prefix + token]),
  });
  const inQuery = { headers: [], rawQuery: tokens.map((token) => `token=${token}`).join('&') };
  switch (places) {
    case 'header':
      return inHeader('x-token');
    case 'query':
      return inQuery;
    case 'cookie':
      return { headers: tokens.length > 0 ? [['cookie', tokens.map((t) => `token=${t}`).join('; ')]] : [] };
    case 'bearer, then query':
      return caller.choice === 0 ? inHeader('Authorization', 'Bearer ') : inQuery;
    default:
      return inHeader('authorization', 'Bearer ');
  }
}

const made = new Map<string, readonly string[]>();

function tokensOf(caller: CallerCase, hasIssuers: boolean): readonly string[] {
  const id = JSON.stringify([caller, hasIssuers]);
  const tokens = made.get(id) ?? makeTokens(caller, hasIssuers);
  made.set(id, tokens);
  return tokens;
}

function makeTokens({ kind, scopes, choice }: CallerCase, hasIssuers: boolean): readonly string[] {
  const isSecond = hasIssuers && choice === 1;
  const claims = { sub: 'ada', scope: scopes.join(' '), ...(hasIssuers && { iss: ISSUERS[choice] }) };
  const key = isSecond ? OTHER_SECRET : SECRET;
  const valid = tokenOf({ ...claims, exp: NOW_SECONDS + 100 }, { key });
  switch (kind) {
    case 'valid':
      return [valid];
    case 'expired':
      return [tokenOf({ ...claims, exp: NOW_SECONDS }, { key })];
    case 'not yet valid':
      return [tokenOf({ ...claims, nbf: NOW_SECONDS + 50 }, { key })];
    case 'garbage':
      return ['garbage'];
    case 'foreign signature':
      return [tokenOf(claims, { key: isSecond ? SECRET : OTHER_SECRET })];
    case 'twice':
      return [valid, valid];
    case 'absent':
      return [];
  }
}
