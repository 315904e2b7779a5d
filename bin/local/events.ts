import { createHash } from 'node:crypto';
import type { APIGatewayRequestAuthorizerEvent, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { type GatewayRequest, headerValues, type Pair, queryPairs } from './request.ts';
import type { Route } from './resource-router.ts';

/** Names of the API that the gateway stands for. */
export interface ApiNames {
  readonly apiId: string;
  readonly stage: string;
}

export interface RequestMoment {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

export type AuthorizerEvent = APIGatewayTokenAuthorizerEvent | APIGatewayRequestAuthorizerEvent;

const ACCOUNT_ID = '000000000000';
const REGION = 'us-east-1';

/**
 * @returns the ARN of the request's method: its own path, as it was sent, without the leading slash.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function methodArnOf({ apiId, stage }: ApiNames, request: GatewayRequest): string {
  const path = request.rawPath.slice(1);
  return `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:${apiId}/${stage}/${request.method}/${path}`;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export function tokenEvent(methodArn: string, authorizationToken: string): APIGatewayTokenAuthorizerEvent {
  return { type: 'TOKEN', authorizationToken, methodArn };
}

/**
 * The shape is that of an event recorded on AWS: where there is nothing, a REST API's authorizer gets `{}`
 * for parameters and variables (a proxy integration gets null), and null in `identity`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function requestEvent(
  api: ApiNames,
  { request, route }: { readonly request: GatewayRequest; readonly route: Route },
  moment: RequestMoment,
): APIGatewayRequestAuthorizerEvent {
  const headers = groupHeaders(request.headers);
  const query = group(queryPairs(request), (name) => name);
  return {
    type: 'REQUEST',
    methodArn: methodArnOf(api, request),
    resource: route.resource,
    path: request.rawPath,
    httpMethod: request.method,
    headers: lastOfEach(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: lastOfEach(query),
    multiValueQueryStringParameters: Object.fromEntries(query),
    pathParameters: { ...route.pathParameters },
    stageVariables: {},
    requestContext: requestContext(api, { request, route }, moment),
  };
}

function requestContext(
  { apiId, stage }: ApiNames,
  { request, route }: { readonly request: GatewayRequest; readonly route: Route },
  { requestId, receivedAt }: RequestMoment,
): APIGatewayRequestAuthorizerEvent['requestContext'] {
  return {
    resourceId: createHash('sha256').update(route.resource).digest('hex').slice(0, 6),
    resourcePath: route.resource,
    httpMethod: request.method,
    extendedRequestId: `${requestId.replaceAll('-', '').slice(0, 15)}=`,
    requestTime: clfTime(receivedAt),
    requestTimeEpoch: receivedAt,
    path: `/${stage}${request.rawPath}`,
    accountId: ACCOUNT_ID,
    protocol: 'HTTP/1.1',
    stage,
    domainPrefix: apiId,
    domainName: `${apiId}.execute-api.${REGION}.amazonaws.com`,
    requestId,
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: headerValues(request, 'user-agent').at(-1) ?? null,
      userArn: null,
    },
    apiId,
    // In @types/aws-lambda required, in recorded authorizer events absent; JSON drops it.
    authorizer: undefined,
  };
}

type Grouped = ReadonlyMap<string, string[]>;

/** One entry a header, under the spelling that came first. */
function groupHeaders(pairs: readonly Pair[]): Grouped {
  const spellings = new Map<string, string>();
  for (const [name] of pairs) {
    const folded = name.toLowerCase();
    if (!spellings.has(folded)) spellings.set(folded, name);
  }
  return group(pairs, (name) => spellings.get(name.toLowerCase()) ?? name);
}

function group(pairs: readonly Pair[], nameOf: (name: string) => string): Grouped {
  const groups = new Map<string, string[]>();
  for (const [given, value] of pairs) {
    const name = nameOf(given);
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return groups;
}

/** The single-value maps hold the last of several values. */
function lastOfEach(groups: Grouped): Record<string, string> {
  return Object.fromEntries([...groups].map(([name, values]) => [name, values.at(-1) ?? '']));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `17/Jun/2024:15:02:03 +0000`, as `$context.requestTime` has it. */
function clfTime(ms: number): string {
  const date = new Date(ms);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const time = date.toISOString().slice(11, 19);
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}
