/** What only reads: the API itself, its resources, its gateway responses. All of it from the working copy. */
import { type Act, ok } from './call.ts';
import { pageOf } from './pages.ts';
import { badRequest } from './refused.ts';
import type { GatewayResponse, Resource } from './shapes.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApi.html; the members are recorded. */
export const getRestApi: Act = (_call, { api }) => {
  const { name, version, policy, apiKeySource, binaryMediaTypes } = api.definition;
  return ok({
    id: api.id,
    name,
    version,
    // Quotes and slashes are escaped once more, as AWS sends it (localstack 3325, terraform-provider-aws 4606).
    policy: policy?.replaceAll(/["/]/g, '\\$&'),
    apiKeySource,
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
    disableExecuteApiEndpoint: false,
    endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' },
    rootResourceId: api.rootResourceId,
    tags: {},
  });
};

/**
 * Without `embed=methods` a resource names its methods and says nothing of them.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html
 */
export const getResources: Act = ({ query }, { api }) => {
  const embedded = query.getAll('embed');
  if (embedded.some((name) => name !== 'methods')) throw badRequest('Invalid embed parameter');
  const { items, position } = pageOf([...api.definition.resources.values()], query);
  return ok({ item: items.map((resource) => shown(resource, embedded.length > 0)), position });
};

function shown({ methods, ...resource }: Resource, withMethods: boolean): object {
  if (methods.size === 0) return resource;
  const entries = [...methods].map(([verb, method]) => [verb, withMethods ? method : {}]);
  return { ...resource, resourceMethods: Object.fromEntries(entries) };
}

/** Recorded: every type and its status code where nothing else is set; the two defaults have none. */
const DEFAULT_STATUS: Readonly<Record<string, string | undefined>> = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
};

/**
 * The API's own responses and the defaults, told apart by `defaultResponse`: recorded. All on one page.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetGatewayResponses.html
 */
export const getGatewayResponses: Act = (_call, { api }) => {
  const item = Object.entries(DEFAULT_STATUS).map(
    ([responseType, statusCode]): GatewayResponse =>
      api.definition.gatewayResponses.get(responseType) ?? {
        responseType,
        ...(statusCode !== undefined && { statusCode }),
        responseParameters: {},
        responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
        defaultResponse: true,
      },
  );
  return ok({ item });
};
