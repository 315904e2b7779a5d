import type { APIGatewayAuthorizerResult, Statement } from 'aws-lambda';
import { hasScopedRoutes, needsPathGuard } from '../config/keying.ts';
import { isGreedy, templateOf } from '../config/route-template.ts';
import type { AuthorizerConfig } from '../config/types.ts';
import { NOTHING } from '../config/upstream-headers.ts';
import type { AuthenticatedCaller, Caller } from './caller.ts';
import { contextOf, MAXIMUM_CONTEXT_BYTES } from './context.ts';
import { type DenialCode, denialEntry, publicCodeOf } from './denial.ts';
import { jsonBytes } from './json-bytes.ts';
import type { AuthorizationRequest } from './request.ts';

type Settings = Pick<AuthorizerConfig, 'routes' | 'expiryCondition' | 'upstream'>;

/** What API Gateway takes is not documented for REST APIs; this much was seen to pass. */
const MAXIMUM_ANSWER_BYTES = 8000;

/** IAM's limit for a Resource in an API Gateway policy. */
const MAXIMUM_RESOURCE_LENGTH = 512;

/**
 * Spellings with which a path leaves the resource that it was matched under: empty and dot segments, and what
 * a reader further on may turn into a slash, a dot, or the path's end. Escapes that are malformed, overlong
 * (RFC 3629 §10) or of an escape itself are read in too many ways to list: none passes.
 */
const ESCAPING_PATHS = [
  ...['*//*', '*/./*', '*/../*', '*/.', '*/..', '*;*', '*\\*', '*%23*', '*%25*', '*%0*', '*%1*'],
  ...['*%%*', '*%?%*', '*%u*', '*%U*'],
  ...['2e', '2f', '3b', '3f', '5c', '7f', 'c0', 'c1'].flatMap((hex) => [
    `*%${hex}*`,
    `*%${hex.toUpperCase()}*`,
  ]),
];

/**
 * The policy for a caller who may. API Gateway evaluates it again for every request that shares its key, so
 * it must allow what shares the key and nothing else: the whole stage where only the token decides, else the
 * request's method on its resource. No text of the request enters it.
 * @returns undefined where subject, issuer and scopes alone are more than API Gateway takes.
 */
export function allow(
  caller: Caller,
  request: AuthorizationRequest,
  settings: Settings,
): APIGatewayAuthorizerResult | undefined {
  if (caller.kind === 'anonymous' || !caller.isRemembered) return makeAnswer(caller, request, settings);
  const last = answers.get(caller);
  if (last !== undefined && isFor(last, request)) return last.answer;
  const answer = makeAnswer(caller, request, settings);
  if (answer === undefined) return undefined;
  const { methodArn, method, resource } = request;
  answers.set(caller, { stageArn: methodArn.stageArn, method, resource, answer });
  return answer;
}

/** An answer, with all of a request that it depends on beside the caller. */
interface Answered {
  readonly stageArn: string;
  readonly method: string;
  readonly resource: string | undefined;
  readonly answer: APIGatewayAuthorizerResult;
}

/** The last answer to the caller that a remembered token is. */
const answers = new WeakMap<AuthenticatedCaller, Answered>();

const isFor = (answered: Answered, { methodArn, method, resource }: AuthorizationRequest): boolean =>
  answered.method === method && answered.resource === resource && answered.stageArn === methodArn.stageArn;

function makeAnswer(
  caller: Caller,
  request: AuthorizationRequest,
  settings: Settings,
): APIGatewayAuthorizerResult | undefined {
  const { statements, bytes } = statementsFor(request, settings);
  const policyDocument = { Version: '2012-10-17', Statement: [...statements] };
  let restBytes = bytes;
  const expiresAt = caller.kind === 'authenticated' ? caller.expiresAtSeconds : undefined;
  if (settings.expiryCondition && expiresAt !== undefined) {
    const ending = deniedFrom(expiresAt, request);
    policyDocument.Statement.push(ending);
    restBytes += bytesOf(ending);
  }
  const apiKey = caller.kind === 'authenticated' ? caller.found?.credential.apiKey : undefined;
  const principalId = principalIdOf(caller);
  const named = apiKey === undefined ? { principalId } : { principalId, usageIdentifierKey: apiKey };
  const spareBytes = MAXIMUM_ANSWER_BYTES - restBytes;
  const context = contextOf(caller, {
    // With an upstream, API Gateway makes headers of the context, and none may be missing.
    nothing: settings.upstream === undefined ? '' : NOTHING,
    maximumBytes: spareBytes - jsonBytes(named, spareBytes - MAXIMUM_CONTEXT_BYTES),
  });
  return context && { ...named, policyDocument, context };
}

/** Of an answer but for what the caller adds: `policyDocument`, `context` and their punctuation. */
const FRAME_BYTES = bytesOf({ policyDocument: { Version: '2012-10-17', Statement: [] }, context: '' });

/** What is said of a route, which is the same for every caller. */
interface RouteStatements {
  readonly statements: readonly Statement[];
  /** Of the answer with these, but for what the caller adds. */
  readonly bytes: number;
}

/** Of a configuration, by the stage, the method and the resource; an API has 300 resources. */
const routeStatements = new WeakMap<Settings, Map<string, RouteStatements>>();
const ROUTES_AT_MOST = 2_000;

/** With the lengths, no two come to the same. */
const routeOf = ({ methodArn: { stageArn }, method, resource = '' }: AuthorizationRequest): string =>
  `${stageArn.length} ${method.length} ${stageArn}${method}${resource}`;

function statementsFor(request: AuthorizationRequest, settings: Settings): RouteStatements {
  const all = routeStatements.get(settings);
  const known = all !== undefined && all.size < ROUTES_AT_MOST ? all : new Map<string, RouteStatements>();
  if (known !== all) routeStatements.set(settings, known);
  // Where no route asks for scopes, an answer holds for all of the stage.
  const name = hasScopedRoutes(settings.routes) ? routeOf(request) : request.methodArn.stageArn;
  const last = known.get(name);
  if (last !== undefined) return last;
  const made = makeStatements(request, settings);
  known.set(name, made);
  return made;
}

function makeStatements(request: AuthorizationRequest, settings: Settings): RouteStatements {
  const { stageArn } = request.methodArn;
  const patterns = guardedPatterns(request, settings).map((pattern) => `${stageArn}/${pattern}`);
  const statements = [
    statement('Allow', allowedResources(request, settings)),
    ...(patterns.length > 0 ? [statement('Deny', patterns)] : []),
  ];
  return { statements, bytes: FRAME_BYTES + bytesOf(statements) };
}

/** After the token has expired, an answer that API Gateway kept denies. */
function deniedFrom(expiresAtSeconds: number, { methodArn }: AuthorizationRequest): Statement {
  const Condition = { DateGreaterThanEquals: { 'aws:CurrentTime': isoTime(expiresAtSeconds) } };
  return { ...statement('Deny', [`${methodArn.stageArn}/*`]), Condition };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/**
 * An explicit Deny of the whole stage. An absence of Allow would not do: beside an API's resource policy it
 * can end as allowed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function refuse(
  code: DenialCode,
  request: AuthorizationRequest,
  caller?: Caller,
): APIGatewayAuthorizerResult {
  const { error } = denialEntry(code);
  const principalId = principalIdOf(caller);
  const isShort = jsonBytes({ principalId }, MAXIMUM_CONTEXT_BYTES) <= MAXIMUM_CONTEXT_BYTES;
  return {
    // Who is refused needs no name, and an answer that API Gateway does not take would be a 500.
    principalId: isShort ? principalId : 'anonymous',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [statement('Deny', [`${request.methodArn.stageArn}/*`])],
    },
    context: { code: publicCodeOf(code), ...(error !== undefined && { error }) },
  };
}

/** What the Allow must not be stretched to: paths that are others in disguise. */
function guardedPatterns({ method, resource }: AuthorizationRequest, settings: Settings): readonly string[] {
  const leavesBasePath = settings.upstream !== undefined && new URL(settings.upstream).pathname !== '/';
  if (resource === undefined || !needsPathGuard(settings.routes, resource)) {
    return leavesBasePath ? ESCAPING_PATHS : [];
  }
  const template = templateOf(resource);
  if (isGreedy(template)) return ESCAPING_PATHS;
  // Were `7%2Fsecrets` spelled decoded in the ARN, `orders/*` would match it: nothing deeper passes.
  return [...ESCAPING_PATHS, `${method}/${'*/'.repeat(template.length)}?*`];
}

function principalIdOf(caller: Caller | undefined): string {
  return caller?.kind === 'authenticated' ? caller.principalId : 'anonymous';
}

function allowedResources(request: AuthorizationRequest, { routes }: Settings): readonly string[] {
  const { stageArn } = request.methodArn;
  if (!hasScopedRoutes(routes) || request.resource === undefined) return [`${stageArn}/*`];
  const segments = templateOf(request.resource).map((segment) =>
    segment.kind === 'literal' ? segment.text : '*',
  );
  const resource = `${stageArn}/${request.method}/${segments.join('/')}`;
  if (resource.length >= MAXIMUM_RESOURCE_LENGTH) return [`${stageArn}/${request.method}/*`];
  // `/orders/` is routed as `/orders`; how its ARN is spelled is not documented.
  return resource.endsWith('/') || resource.endsWith('*') ? [resource] : [resource, `${resource}/`];
}

function statement(
  Effect: 'Allow' | 'Deny',
  resources: readonly string[],
): Statement & { Effect: 'Allow' | 'Deny' } {
  const [only, ...more] = resources;
  const Resource = only !== undefined && more.length === 0 ? only : [...resources];
  return { Action: 'execute-api:Invoke', Effect, Resource };
}

/** `2026-11-22T10:00:00Z`, rounded up to the second: IAM's date format. */
function isoTime(seconds: number): string {
  // Beyond the year 9999 there is no such format, and nobody to deny.
  const milliseconds = Math.min(Math.ceil(seconds) * 1000, 253_402_300_799_000);
  return new Date(Math.max(milliseconds, 0)).toISOString().replace('.000Z', 'Z');
}
