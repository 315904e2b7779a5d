import { isRecord } from '../config/record.ts';
import { routeOf } from './live.ts';
import { spelledIntegration } from './project-integration.ts';
import { spelledPolicy } from './project-policy.ts';
import type { Snapshot, SnapshotMethod, Spelled } from './snapshot.ts';
import { spelled, spelledAuthorizer } from './spelling.ts';

type Members = Readonly<Record<string, unknown>>;

/** In a path of an export. */
const VERBS: Readonly<Record<string, string>> = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  patch: 'PATCH',
  options: 'OPTIONS',
  head: 'HEAD',
  'x-amazon-apigateway-any-method': 'ANY',
};

/**
 * What a stage serves, by its export: OpenAPI 3.0 with all of API Gateway's extensions.
 *
 * Models, the rules of request validators, documentation and gateway responses are not looked at.
 *
 * @throws ExportNotUnderstood when it is none: a stage that nobody can read is not one that serves nothing
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function snapshotOfExport(exported: unknown): Snapshot {
  if (!isRecord(exported) || !isRecord(exported['paths']))
    throw new ExportNotUnderstood('the export has no paths');
  const schemes = recordOf(recordOf(exported['components'])['securitySchemes']);
  const methods = new Map<string, SnapshotMethod>();
  for (const [path, item] of Object.entries(exported['paths'])) {
    for (const [verb, operation] of Object.entries(recordOf(item))) {
      const httpMethod = VERBS[verb];
      if (httpMethod !== undefined)
        methods.set(routeOf({ httpMethod, path }), methodOf(recordOf(operation), schemes, exported));
    }
  }
  const policy = exported['x-amazon-apigateway-policy'];
  return {
    methods,
    authorizers: new Map(
      Object.entries(schemes).flatMap(([name, scheme]) => authorizerOf(name, recordOf(scheme))),
    ),
    api: {
      ...spelled({ binaryMediaTypes: listOf(exported['x-amazon-apigateway-binary-media-types']).toSorted() }),
      ...(policy !== undefined && { policy: spelledPolicy(policy) }),
    },
  };
}

export class ExportNotUnderstood extends Error {
  override readonly name = 'ExportNotUnderstood';
}

function methodOf(operation: Members, schemes: Members, exported: Members): SnapshotMethod {
  const validator =
    operation['x-amazon-apigateway-request-validator'] ?? exported['x-amazon-apigateway-request-validator'];
  return {
    ...securityOf(operation, schemes),
    rest: {
      ...spelled({
        operationName: operation['operationId'],
        requestValidator: validator !== undefined || undefined,
        requestParameters: requestParametersOf(operation),
        requestModels: modelsOf(recordOf(operation['requestBody'])['content']),
        responses: responsesOf(operation),
      }),
      ...spelledIntegration(operation['x-amazon-apigateway-integration']),
    },
  };
}

type Security = Pick<
  SnapshotMethod,
  'authorizationType' | 'authorizerName' | 'authorizationScopes' | 'apiKeyRequired'
>;

/**
 * One requirement each for an authorizer, for IAM and for an API key. What is none of them stands as a type of its own:
 * it is neither open nor ours.
 */
function securityOf(operation: Members, schemes: Members): Security {
  let security: Security = { authorizationType: 'NONE', authorizationScopes: [], apiKeyRequired: false };
  const requirements = listOf(operation['security']).flatMap((requirement) =>
    Object.entries(recordOf(requirement)),
  );
  for (const [name, scopes] of requirements) {
    const scheme = recordOf(schemes[name]);
    const kind = kindOf(scheme);
    if (kind === 'key') security = { ...security, apiKeyRequired: true };
    else if (kind === 'iam') security = { ...security, authorizationType: 'AWS_IAM' };
    else
      security = {
        ...security,
        authorizationType: kind,
        authorizerName: name,
        authorizationScopes: listOf(scopes).map(String).toSorted(),
      };
  }
  return security;
}

function kindOf(scheme: Members): 'key' | 'iam' | 'CUSTOM' | 'COGNITO_USER_POOLS' | 'UNKNOWN' {
  const authType = String(scheme['x-amazon-apigateway-authtype'] ?? '').toLowerCase();
  if (authType === 'awssigv4') return 'iam';
  const authorizer = scheme['x-amazon-apigateway-authorizer'];
  if (isRecord(authorizer) || authType !== '')
    return String(recordOf(authorizer)['type'] ?? authType).toLowerCase() === 'cognito_user_pools'
      ? 'COGNITO_USER_POOLS'
      : 'CUSTOM';
  return String(scheme['name']).toLowerCase() === 'x-api-key' ? 'key' : 'UNKNOWN';
}

/** A `TOKEN` authorizer's header is the scheme's name, as a user pool's is; a `REQUEST` authorizer's is `Unused`. */
function authorizerOf(name: string, scheme: Members): readonly (readonly [string, Spelled])[] {
  const authorizer = scheme['x-amazon-apigateway-authorizer'];
  if (!isRecord(authorizer)) return [];
  const isRequest = String(authorizer['type']).toLowerCase() === 'request';
  const header = `method.request.header.${String(scheme['name'])}`;
  return [[name, spelledAuthorizer({ ...authorizer, ...(!isRequest && { identitySource: header }) })]];
}

function requestParametersOf(operation: Members): object {
  return Object.fromEntries(
    listOf(operation['parameters'])
      .map(recordOf)
      .filter((parameter) => parameter['in'] === 'query' || parameter['in'] === 'header')
      .map((parameter) => [
        `${parameter['in'] === 'query' ? 'querystring' : 'header'} ${String(parameter['name'])}`,
        parameter['required'] === true,
      ]),
  );
}

const responsesOf = (operation: Members): object =>
  Object.fromEntries(
    Object.entries(recordOf(operation['responses'])).map(([status, response]) => {
      const { headers, content } = recordOf(response);
      return [
        status,
        spelled({ headers: Object.keys(recordOf(headers)).toSorted(), models: modelsOf(content) }),
      ];
    }),
  );

/** Names of models, by the types of content. */
const modelsOf = (content: unknown): object =>
  Object.fromEntries(
    Object.entries(recordOf(content)).map(([type, media]) => [
      type,
      String(recordOf(recordOf(media)['schema'])['$ref'] ?? '').replace(/^.*\//, ''),
    ]),
  );

const recordOf = (value: unknown): Members => (isRecord(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
