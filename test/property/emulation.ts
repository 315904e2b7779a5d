/** The authorizer's steps behind the local gateway's identity sources, cache and policy evaluation. */
import { createAuthorize, type Invoke } from '../../bin/local/authorize.ts';
import type { AuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { createRouter } from '../../bin/local/resource-router.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { deliver, respond } from '../../lambda/authorizer/respond.ts';
import { createVerifiedTokens } from '../../lambda/authorizer/verified-tokens.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { findThrough, rememberFound } from '../../lambda/consumers/find-credential.ts';
import { createFindRevocation } from '../../lambda/consumers/find-revocation.ts';
import { configOf, dependenciesOf } from '../authorizer/fixtures.ts';
import type { Case, RequestCase, Setup } from './case.ts';
import type { Faults } from './faults.ts';
import type { Outcome } from './model.ts';
import type { PolicyCase } from './policy-cases.ts';
import { ADDRESSES, combine, type Verdict, verdictOf } from './resource-policy.ts';
import type { TableState } from './table.ts';
import { readerOf } from './table-reader.ts';
import { carrying, KEYS, PLACES, shownBy } from './tokens.ts';

export interface Answered {
  readonly outcome: Outcome | 'no statement matched' | 'let in by the resource policy alone' | '500';
  /** All that the API learns of the caller. */
  readonly caller?: { readonly principalId: string; readonly context: Readonly<Record<string, string>> };
  readonly isCached: boolean;
  readonly resource: string;
}

/**
 * @param beforeAnswer the function has decided, and waits for this before it says so.
 * @returns what the gateway answers, or undefined where no resource takes the path.
 */
export type Ask = (request: RequestCase, beforeAnswer?: () => Promise<void>) => Promise<Answered | undefined>;

export interface Surroundings {
  readonly cache: AuthorizerCache;
  /** The table as it is. */
  readonly table: () => TableState;
  /** How long the function remembers what it found there. */
  readonly rememberSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly faults: Faults;
}

export const NO_CACHE: AuthorizerCache = { get: () => undefined, reserve: () => () => {}, flush: () => {} };

export function emulate(api: Case, { cache, faults, now, ...world }: Surroundings): Ask {
  const { setup, routes, resources, resourcePolicy } = api;
  const config = configFor(setup, routes);
  const sound = functionOf(config, { now, ...world });
  const faulty = faults.invoke?.(sound) ?? sound;
  let beforeAnswer: (() => Promise<void>) | undefined;
  const authorize = createAuthorize({
    config: faults.keyedBy?.(config) ?? config,
    resources,
    api: { apiId: 'abcdef1234', stage: 'prod' },
    invoke: (event) => {
      const wait = beforeAnswer;
      return wait === undefined ? faulty(event) : faulty(event).finally(wait);
    },
    cache,
    now,
  });
  const router = createRouter(resources);
  return async ({ method, path, from, caller }, wait) => {
    const route = router(path);
    if (route === undefined) return undefined;
    const { resource } = route;
    const allowsTo = verdictOf(resourcePolicy, { from, method });
    if (allowsTo === 'deny') return { outcome: '403', isCached: false, resource };
    const carried = carrying(shownBy(caller, setup.policies));
    const request = { method, rawPath: path, sourceIp: ADDRESSES[from], ...carried };
    beforeAnswer = wait;
    const decision = await authorize({ request, route, requestId: 'request-1', receivedAt: now() });
    return { ...answered(decision, allowsTo), isCached: decision.cache === 'hit', resource };
  };
}

export function configFor(
  { policies, onDenial, expiryCondition, authorizerCacheSeconds, credentialCacheSeconds }: Setup,
  routes: Case['routes'],
): AuthorizerConfig {
  const times = { authorizerCacheSeconds, credentialCacheSeconds };
  return configOf(policies.map(policyFor), { routes, onDenial, expiryCondition, ...times });
}

function policyFor({
  place,
  issuer,
  key,
  isControlled,
  tokenRevocation,
  hasScopeClaim,
  passThrough,
}: PolicyCase): Partial<JwtPolicy> {
  return {
    tokenPlace: PLACES[place],
    issuer: issuer === undefined ? [] : [issuer],
    keySource: { kind: 'inline', key: KEYS[key] },
    checkCredentialExistence: isControlled,
    tokenRevocation,
    passThrough,
    ...(hasScopeClaim && { scopeClaim: ['scope'] }),
  };
}

type FunctionSurroundings = Pick<Surroundings, 'table' | 'rememberSeconds' | 'now'>;

/** As the handler composes them. */
export function dependenciesFor(
  config: AuthorizerConfig,
  { table, rememberSeconds, now }: FunctionSurroundings,
): Dependencies {
  const [reader, remembering] = [readerOf(table), { seconds: rememberSeconds, now }];
  const findCredential = rememberFound(findThrough(reader), remembering);
  const findRevocation = createFindRevocation(reader, remembering);
  return dependenciesOf({ config, now, findCredential, findRevocation, verified: createVerifiedTokens() });
}

function functionOf(config: AuthorizerConfig, surroundings: FunctionSurroundings): Invoke {
  const dependencies = dependenciesFor(config, surroundings);
  return async (event) => deliver(await respond(event, dependencies));
}

type Decision = Awaited<ReturnType<ReturnType<typeof createAuthorize>>>;

function answered(decision: Decision, allowsTo: Verdict): Pick<Answered, 'outcome' | 'caller'> {
  if (decision.allowed) {
    const { principalId, context } = decision.caller;
    const isAuthenticated = context['authenticated'] === 'true' && context['anonymous'] === undefined;
    const passes = combine('allow', allowsTo) === 'allow';
    return {
      outcome: !passes ? '403' : isAuthenticated ? 'authenticated' : 'anonymous',
      caller: { principalId, context },
    };
  }
  switch (decision.response) {
    case 'UNAUTHORIZED':
      return { outcome: '401' };
    case 'ACCESS_DENIED_EXPLICITLY':
      return { outcome: combine('deny', allowsTo) === 'explicit deny' ? '403' : '500' };
    case 'ACCESS_DENIED': {
      const isLetIn = combine('neither', allowsTo) === 'allow';
      return { outcome: isLetIn ? 'let in by the resource policy alone' : 'no statement matched' };
    }
    default:
      return { outcome: '500' };
  }
}
