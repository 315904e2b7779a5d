/**
 * GetExport: what a **stage's deployment** holds, as OpenAPI 3. With a canary it is the stage's own deployment:
 * **unproven**.
 *
 * `openapi`, `info`, `servers`, `parameters`, `responses`, integrations (types in small letters, responses by their
 * pattern), binary types and headers of the answer are recorded (LocalStack, test_export_oas30_openapi). What secures
 * a method follows AWS's pages on the extensions; its order is **unproven**.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
 */
import type { Act } from './call.ts';
import { badRequest, notModelled } from './refused.ts';
import type { Authorizer, Definition, Integration, Method } from './shapes.ts';
import { stageOf } from './stages.ts';

/** Which extensions are asked for; `apigateway` is all. */
interface Extensions {
  readonly integrations: boolean;
  readonly authorizers: boolean;
  readonly all: boolean;
}

export const getExport: Act = (call, context) => {
  const stage = stageOf(call, context);
  if (call.target['exportType'] !== 'oas30') throw notModelled('exports but oas30');
  const deployment = context.api.deployments.get(stage.deploymentId);
  if (deployment === undefined) throw new Error('a stage without its deployment');
  const asked = (call.query.get('extensions') ?? '').split(',').filter((name) => name !== '');
  if (asked.some((name) => !['apigateway', 'integrations', 'authorizers'].includes(name)))
    throw badRequest('Invalid export extensions specified');
  const all = asked.includes('apigateway');
  const { definition, createdMs } = deployment;
  const version = definition.version ?? new Date(createdMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const body = {
    openapi: '3.0.1',
    info: { title: definition.name, version },
    servers: [
      {
        url: `https://${context.api.id}.execute-api.us-east-1.amazonaws.com/{basePath}`,
        variables: { basePath: { default: stage.stageName } },
      },
    ],
    ...documentOf(definition, {
      all,
      integrations: all || asked.includes('integrations'),
      authorizers: all || asked.includes('authorizers'),
    }),
  };
  return {
    status: 200,
    body,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="oas30_${version}.json"`,
    },
  };
};

function documentOf(definition: Definition, extensions: Extensions): object {
  const resources = [...definition.resources.values()]
    .filter(({ methods }) => methods.size > 0)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const used = resources.flatMap(({ methods }) => [...methods.values()]);
  const paths = resources.map(({ path, methods }) => [
    path,
    Object.fromEntries(
      [...methods.values()].map((method) => [
        method.httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : method.httpMethod.toLowerCase(),
        operationOf(path, method, definition, extensions),
      ]),
    ),
  ]);
  const securitySchemes = schemesOf(used, definition, extensions);
  const { binaryMediaTypes, policy, gatewayResponses } = definition;
  return {
    paths: Object.fromEntries(paths),
    components: Object.keys(securitySchemes).length === 0 ? {} : { securitySchemes },
    ...(extensions.all &&
      binaryMediaTypes.length > 0 && { 'x-amazon-apigateway-binary-media-types': binaryMediaTypes }),
    // That an export carries these two is **unproven**.
    ...(extensions.all && policy !== undefined && { 'x-amazon-apigateway-policy': JSON.parse(policy) }),
    ...(extensions.all &&
      gatewayResponses.size > 0 && {
        'x-amazon-apigateway-gateway-responses': Object.fromEntries(
          [...gatewayResponses].map(([type, { responseType: _, defaultResponse: __, ...response }]) => [
            type,
            response,
          ]),
        ),
      }),
  };
}

function operationOf(path: string, method: Method, definition: Definition, extensions: Extensions): object {
  const parameters = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const responses = Object.values(method.methodResponses ?? {}).map(({ statusCode }) => [
    statusCode,
    { description: `${statusCode} response`, content: {} },
  ]);
  const security = securityOf(method, definition);
  const integration = method.methodIntegration;
  return {
    ...(method.operationName !== undefined && { operationId: method.operationName }),
    ...(parameters.length > 0 && { parameters }),
    responses: Object.fromEntries(responses),
    ...(security.length > 0 && { security }),
    ...(extensions.integrations &&
      integration !== undefined && { 'x-amazon-apigateway-integration': exported(integration) }),
  };
}

function exported({ integrationResponses, ...integration }: Integration): object {
  const responses = Object.values(integrationResponses ?? {}).map(({ selectionPattern, ...response }) => [
    selectionPattern ?? 'default',
    response,
  ]);
  return {
    ...integration,
    responses: Object.fromEntries(responses),
    passthroughBehavior: (integration.passthroughBehavior ?? 'WHEN_NO_MATCH').toLowerCase(),
    type: integration.type.toLowerCase(),
  };
}

/** An authorizer is named, never by its id. */
function securityOf(
  { authorizationType, authorizerId, authorizationScopes, apiKeyRequired }: Method,
  { authorizers }: Definition,
) {
  const authorizer = authorizers.get(authorizerId ?? '');
  return [
    ...(authorizer === undefined ? [] : [{ [authorizer.name]: authorizationScopes ?? [] }]),
    ...(authorizationType === 'AWS_IAM' ? [{ sigv4: [] }] : []),
    ...(apiKeyRequired ? [{ api_key: [] }] : []),
  ];
}

function schemesOf(
  methods: readonly Method[],
  { authorizers }: Definition,
  extensions: Extensions,
): Record<string, object> {
  const schemes: Record<string, object> = {};
  for (const { authorizationType, authorizerId, apiKeyRequired } of methods) {
    const authorizer = authorizers.get(authorizerId ?? '');
    if (authorizer !== undefined) schemes[authorizer.name] = schemeOf(authorizer, extensions);
    if (authorizationType === 'AWS_IAM') schemes['sigv4'] = scheme('Authorization', 'awsSigv4');
    if (apiKeyRequired) schemes['api_key'] = scheme('x-api-key');
  }
  return schemes;
}

const scheme = (name: string, authtype?: string) => ({
  type: 'apiKey',
  name,
  in: 'header',
  ...(authtype !== undefined && { 'x-amazon-apigateway-authtype': authtype }),
});

/** A REQUEST authorizer's header is `Unused`, as in AWS's own examples. */
function schemeOf(
  { id: _, name: __, authType, type, ...rest }: Authorizer,
  { authorizers }: Extensions,
): object {
  const header = /^method\.request\.header\.([^,\s]+)$/.exec(rest.identitySource ?? '')?.[1];
  return {
    ...scheme(type === 'REQUEST' ? 'Unused' : (header ?? 'Authorization'), authType),
    ...(authorizers && { 'x-amazon-apigateway-authorizer': { ...rest, type: type.toLowerCase() } }),
  };
}
