/** Authorizers of the working copy. A stage goes on with its snapshot's until it is deployed anew (aws-cdk 16554). */
import {
  type Act,
  type Call,
  type Context,
  created,
  ok,
  type PatchOperation,
  patchOf,
  textOf,
} from './call.ts';
import { methodsOf } from './definition.ts';
import { pageOf } from './pages.ts';
import { badRequest, conflict, limitExceeded, noSuchOperation, notFound } from './refused.ts';
import type { Authorizer } from './shapes.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MOST_AUTHORIZERS = 10;

function authorizerOf({ target }: Call, { api }: Context): Authorizer {
  const authorizer = api.definition.authorizers.get(target['authorizerId'] ?? '');
  if (authorizer === undefined) throw notFound('Invalid Authorizer identifier specified');
  return authorizer;
}

export const getAuthorizers: Act = ({ query }, { api }) => {
  const { items, position } = pageOf([...api.definition.authorizers.values()], query);
  return ok({ item: items, position });
};

export const getAuthorizer: Act = (call, context) => ok(authorizerOf(call, context));

/**
 * The TTL stays absent where it was not given (recorded); AWS then counts 300 s.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
 */
export const createAuthorizer: Act = (call, { api, newId }) => {
  const { authorizers } = api.definition;
  if (authorizers.size >= MOST_AUTHORIZERS)
    throw limitExceeded('Maximum number of Authorizers for this API has been reached');
  const { providerARNs, authorizerResultTtlInSeconds } = call.body;
  const type = textOf(call, 'type') ?? '';
  const authorizer: Authorizer = {
    id: newId(),
    name: textOf(call, 'name') ?? '',
    type,
    authType: textOf(call, 'authType') ?? (type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
    ...(Array.isArray(providerARNs) && { providerARNs: providerARNs.map(String) }),
    ...(authorizerResultTtlInSeconds !== undefined && {
      authorizerResultTtlInSeconds: Number(authorizerResultTtlInSeconds),
    }),
  };
  for (const field of TEXTS) {
    const value = textOf(call, field);
    if (value !== undefined) authorizer[field] = value;
  }
  assertComplete(authorizer, [...authorizers.values()]);
  authorizers.set(authorizer.id, authorizer);
  return created(authorizer);
};

const TEXTS = [
  'authorizerUri',
  'authorizerCredentials',
  'identitySource',
  'identityValidationExpression',
] as const;

/**
 * What has to be there is the page's of `CreateAuthorizer`. **Unproven**: the messages, and that a name which another
 * has is refused (AWS does so for HTTP APIs, in these words: aws-cdk 13711, 20170).
 */
function assertComplete(authorizer: Authorizer, all: readonly Authorizer[]): void {
  const { id, name, type, authorizerUri, identitySource, providerARNs } = authorizer;
  const ttl = authorizer.authorizerResultTtlInSeconds ?? 300;
  if (name === '') throw badRequest('Authorizer name must not be empty');
  if (all.some((other) => other.name === name && other.id !== id))
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  if (!['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'].includes(type)) throw badRequest('Invalid authorizer type');
  if (!(Number.isInteger(ttl) && ttl >= 0 && ttl <= 3600))
    throw badRequest('Authorizer result TTL must be between 0 and 3600 seconds');
  if (type === 'COGNITO_USER_POOLS' && (providerARNs ?? []).length === 0)
    throw badRequest('Provider ARNs must not be empty');
  if (type !== 'COGNITO_USER_POOLS' && authorizerUri === undefined)
    throw badRequest('Authorizer URI must not be empty');
  if (identitySource === undefined && (type !== 'REQUEST' || ttl > 0))
    throw badRequest('Identity source must not be empty');
}

const PATCHES: Readonly<Record<string, readonly string[]>> = {
  '/authorizerUri': ['replace'],
  '/authorizerCredentials': ['replace'],
  '/authorizerResultTtlInSeconds': ['replace'],
  '/authType': ['replace'],
  '/identitySource': ['add', 'replace', 'remove'],
  '/identityValidationExpression': ['replace'],
  '/name': ['replace'],
  '/type': ['replace'],
};

/** @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateAuthorizer-Patch */
export const updateAuthorizer: Act = (call, context) => {
  const patched = structuredClone(authorizerOf(call, context));
  for (const operation of patchOf(call)) patch(patched, operation);
  const { authorizers } = context.api.definition;
  assertComplete(patched, [...authorizers.values()]);
  authorizers.set(patched.id, patched);
  return ok(patched);
};

function patch(authorizer: Authorizer, { op, path, value }: PatchOperation): void {
  const supported = PATCHES[path];
  if (supported === undefined) throw badRequest(`Invalid patch path ${path}`);
  if (!supported.includes(op)) throw noSuchOperation(supported);
  const field = path.slice(1) as 'name' | 'type' | 'authType' | (typeof TEXTS)[number];
  if (path === '/authorizerResultTtlInSeconds') authorizer.authorizerResultTtlInSeconds = Number(value);
  else if (path === '/identitySource' && op === 'remove') delete authorizer.identitySource;
  else authorizer[field] = value;
}

/**
 * Refused while a method of the **working copy** refers to it (terraform-provider-aws 14812, with this message). What
 * deployed snapshots do then is **unproven**: see `protection.ts`.
 */
export const deleteAuthorizer: Act = (call, context) => {
  const { id, name } = authorizerOf(call, context);
  const user = methodsOf(context.api.definition).find(({ method }) => method.authorizerId === id);
  if (user !== undefined)
    throw conflict(
      `Cannot delete authorizer '${name}', is referenced in method: ${user.method.httpMethod}/${user.path}`,
    );
  context.api.definition.authorizers.delete(id);
  context.api.deletedAuthorizerIds.add(id);
  return { status: 202 };
};
