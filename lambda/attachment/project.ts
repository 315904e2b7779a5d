/** What API Gateway tells, in its own shapes, as the plan takes it: the working copy, and what a stage serves. */
import type { Authorizer, Method, Resource, Stage } from '@aws-sdk/client-api-gateway';
import type { ApiDescription } from './control-plane.ts';
import {
  type LiveAuthorizer,
  type LiveMethod,
  type LiveStage,
  type Protection,
  routeOf,
  type WorkingCopy,
} from './live.ts';
import { snapshotOfExport } from './project-export.ts';
import { spelledIntegration } from './project-integration.ts';
import { spelledPolicy, unescapedPolicy } from './project-policy.ts';
import type { Snapshot, SnapshotMethod } from './snapshot.ts';
import { spelled, spelledAuthorizer } from './spelling.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html, with `embed=methods` */
export function workingCopyOf({
  api,
  resources,
  authorizers,
}: {
  readonly api: ApiDescription;
  readonly resources: readonly Resource[];
  readonly authorizers: readonly Authorizer[];
}): WorkingCopy {
  const named = resources.flatMap(({ id = '', path = '', resourceMethods = {} }) =>
    Object.entries(resourceMethods).map(([httpMethod, method]) => ({
      method: liveMethodOf({ resourceId: id, path, httpMethod }, method),
      raw: method,
    })),
  );
  const names = new Map(authorizers.map(({ id, name }) => [id, name]));
  return {
    methods: named.map(({ method }) => method),
    authorizers: authorizers.map(liveAuthorizerOf),
    snapshot: {
      methods: new Map(
        named.map(({ method, raw }) => [routeOf(method), snapshotMethodOf(method, raw, names)]),
      ),
      authorizers: new Map(authorizers.map((one) => [one.name ?? '', spelledAuthorizer(one)])),
      api: spelledApi(api),
    },
    policy: api.policy === undefined ? undefined : unescapedPolicy(api.policy),
  };
}

function spelledApi({ policy, binaryMediaTypes = [] }: ApiDescription): Snapshot['api'] {
  return {
    ...spelled({ binaryMediaTypes: binaryMediaTypes.toSorted() }),
    ...(policy !== undefined && { policy: spelledPolicy(unescapedPolicy(policy)) }),
  };
}

const liveMethodOf = (
  name: Pick<LiveMethod, 'resourceId' | 'path' | 'httpMethod'>,
  method: Method,
): LiveMethod => ({
  ...name,
  ...protectionOf(method),
  apiKeyRequired: method.apiKeyRequired === true,
  authorizationScopes: method.authorizationScopes ?? [],
});

/** An authorizer's id beside a type that takes none counts for nothing. */
export function protectionOf({ authorizationType = 'NONE', authorizerId }: Method): Protection {
  const takesAuthorizer = authorizationType === 'CUSTOM' || authorizationType === 'COGNITO_USER_POOLS';
  return { authorizationType, ...(takesAuthorizer && authorizerId !== undefined && { authorizerId }) };
}

const liveAuthorizerOf = ({ id = '', name = '', ...rest }: Authorizer): LiveAuthorizer => ({
  id,
  name,
  type: rest.type ?? '',
  authorizerUri: rest.authorizerUri,
  authorizerCredentials: rest.authorizerCredentials,
  identitySource: rest.identitySource,
  identityValidationExpression: rest.identityValidationExpression,
  authorizerResultTtlInSeconds: rest.authorizerResultTtlInSeconds,
});

function snapshotMethodOf(
  { authorizationType, authorizerId, apiKeyRequired, authorizationScopes }: LiveMethod,
  method: Method,
  names: ReadonlyMap<string | undefined, string | undefined>,
): SnapshotMethod {
  return {
    authorizationType,
    ...(authorizerId !== undefined && {
      authorizerName: names.get(authorizerId) ?? authorizerId,
    }),
    authorizationScopes: authorizerId === undefined ? [] : authorizationScopes.toSorted(),
    apiKeyRequired,
    rest: {
      ...spelled({
        operationName: method.operationName,
        // An export tells its name, and the method its id.
        requestValidator: (method.requestValidatorId ?? '') !== '' || undefined,
        requestParameters: requestParametersOf(method),
        requestModels: method.requestModels,
        responses: methodResponsesOf(method),
      }),
      ...spelledIntegration(method.methodIntegration),
    },
  };
}

/** Those of the path follow from the resource: an export tells all of them, and a method what was declared. */
function requestParametersOf({ requestParameters = {} }: Method): object {
  return Object.fromEntries(
    Object.entries(requestParameters).flatMap(([name, isRequired]) => {
      const [, place, parameter] =
        /^method\.request\.(?:multivalue)?(querystring|header)\.(.+)$/.exec(name) ?? [];
      return parameter === undefined ? [] : [[`${place} ${parameter}`, isRequired === true]];
    }),
  );
}

function methodResponsesOf({ methodResponses = {} }: Method): object {
  return Object.fromEntries(
    Object.entries(methodResponses).map(([status, { responseParameters = {}, responseModels }]) => [
      status,
      spelled({
        headers: Object.keys(responseParameters)
          .map((name) => name.replace('method.response.header.', ''))
          .toSorted(),
        models: responseModels,
      }),
    ]),
  );
}

/**
 * @param exported the stage's export as OpenAPI 3.0, with all of API Gateway's extensions, parsed.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
 */
export const stageOf = (stage: Stage, exported: unknown): LiveStage => ({
  stageName: stage.stageName ?? '',
  deploymentId: stage.deploymentId ?? '',
  hasCanary: stage.canarySettings !== undefined,
  tracesData: Object.values(stage.methodSettings ?? {}).some(
    ({ dataTraceEnabled }) => dataTraceEnabled === true,
  ),
  snapshot: snapshotOfExport(exported),
});
