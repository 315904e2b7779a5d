/** Methods of the working copy. No stage sees anything of it before a deployment. */
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
import { badRequest, conflict, noSuchOperation, notFound, notModelled } from './refused.ts';
import { type Definition, HTTP_METHODS, type Method, type Resource } from './shapes.ts';

/** Recorded, for `PutMethod` and `UpdateMethod`. */
const AUTHORIZER_NEEDED =
  'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.';

/** Recorded: an API that is not there answers as a resource that is not there. */
function resourceOf({ target }: Call, { api }: Context): Resource {
  const resource = api.definition.resources.get(target['resourceId'] ?? '');
  if (resource === undefined) throw notFound('Invalid Resource identifier specified');
  return resource;
}

function methodOf(call: Call, context: Context): Method {
  const method = resourceOf(call, context).methods.get(call.target['httpMethod'] ?? '');
  if (method === undefined) throw notFound('Invalid Method identifier specified');
  return method;
}

export const getMethod: Act = (call, context) => ok(methodOf(call, context));

/**
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html; its refusals are recorded, but for the
 * `ConflictException` of a method that is there, which that page only names.
 */
export const putMethod: Act = (call, context) => {
  const { methods } = resourceOf(call, context);
  const httpMethod = call.target['httpMethod'] ?? '';
  if (![...HTTP_METHODS, 'ANY'].includes(httpMethod))
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${HTTP_METHODS.join(',')},ANY`);
  if (methods.has(httpMethod)) throw conflict('Method already exists for this resource');
  const { apiKeyRequired, authorizationScopes } = call.body;
  const authorizerId = textOf(call, 'authorizerId');
  const authorizationType = textOf(call, 'authorizationType') ?? '';
  assertAuthorizer(context.api.definition, authorizationType, authorizerId);
  const method: Method = {
    httpMethod,
    authorizationType,
    apiKeyRequired: apiKeyRequired === true,
    ...(needsAuthorizer(authorizationType) && authorizerId !== undefined && { authorizerId }),
    ...(Array.isArray(authorizationScopes) && { authorizationScopes: authorizationScopes.map(String) }),
  };
  methods.set(httpMethod, method);
  return created(method);
};

export const deleteMethod: Act = (call, context) => {
  const { httpMethod } = methodOf(call, context);
  resourceOf(call, context).methods.delete(httpMethod);
  return { status: 204 };
};

/** The whole patch is looked at together, so that type and id may come in either order: recorded. */
export const updateMethod: Act = (call, context) => {
  const method = methodOf(call, context);
  const operations = patchOf(call);
  const patched = structuredClone(method);
  for (const operation of operations) patch(patched, operation);
  settleAuthorizer(context.api.definition, method, patched, operations);
  resourceOf(call, context).methods.set(method.httpMethod, patched);
  return ok(patched);
};

/**
 * - To set `CUSTOM` or `COGNITO_USER_POOLS` takes an authorizer that exists **in the same call**: recorded for a
 *   method that had none. For one that has: **unproven**, so refused.
 * - An id alone counts where the type asks for one, and is ignored where it does not: both recorded.
 * - `NONE` and `AWS_IAM` keep no id: Terraform's acceptance test, which runs on AWS, finds none after both were
 *   replaced (`NONE` and an empty id). After the type alone: **unproven**; the model drops the id.
 *
 * @see https://github.com/localstack/localstack/pull/7860
 * @see https://github.com/hashicorp/terraform-provider-aws internal/service/apigateway/method_test.go,
 * `TestAccAPIGatewayMethod_customAuthorizer`
 */
function settleAuthorizer(
  definition: Definition,
  before: Method,
  patched: Method,
  operations: readonly PatchOperation[],
): void {
  const sent = (path: string) => operations.findLast((operation) => operation.path === path)?.value;
  const id = sent('/authorizerId');
  delete patched.authorizerId;
  const authorizerId = sent('/authorizationType') === undefined ? (id ?? before.authorizerId) : id;
  assertAuthorizer(definition, patched.authorizationType, authorizerId);
  if (authorizerId !== undefined && needsAuthorizer(patched.authorizationType))
    patched.authorizerId = authorizerId;
}

const needsAuthorizer = (type: string) => type === 'CUSTOM' || type === 'COGNITO_USER_POOLS';

/** That `CUSTOM` takes no Cognito authorizer, and `COGNITO_USER_POOLS` no other, is **unproven**, so refused. */
function assertAuthorizer({ authorizers }: Definition, type: string, id: string | undefined): void {
  if (!needsAuthorizer(type)) {
    if (type !== 'NONE' && type !== 'AWS_IAM') throw badRequest('Invalid authorization type specified');
    return;
  }
  const authorizer = authorizers.get(id ?? '');
  if (
    authorizer === undefined ||
    (authorizer.type === 'COGNITO_USER_POOLS') !== (type === 'COGNITO_USER_POOLS')
  )
    throw badRequest(AUTHORIZER_NEEDED);
}

const PATCHES: Readonly<Record<string, readonly string[]>> = {
  '/apiKeyRequired': ['replace'],
  '/authorizationScopes': ['add', 'remove'],
  '/authorizationType': ['replace'],
  '/authorizerId': ['replace'],
  '/operationName': ['replace'],
};

/** @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateMethod-Patch */
function patch(method: Method, { op, path, value }: PatchOperation): void {
  const supported = PATCHES[path];
  if (supported === undefined) {
    if (/^\/(requestParameters|requestModels)\/[^/]+$|^\/requestValidatorId$/.test(path))
      throw notModelled(`UpdateMethod on ${path}`);
    throw badRequest(`Invalid patch path ${path}`);
  }
  if (!supported.includes(op)) throw noSuchOperation(supported);
  switch (path) {
    case '/apiKeyRequired':
      // Recorded: any other text than `true` is false, and no error.
      method.apiKeyRequired = value === 'true';
      return;
    case '/authorizationType':
      method.authorizationType = value;
      return;
    case '/operationName':
      method.operationName = value;
      return;
    case '/authorizationScopes': {
      const others = (method.authorizationScopes ?? []).filter((scope) => scope !== value);
      method.authorizationScopes = op === 'add' ? [...others, value] : others;
    }
  }
}
