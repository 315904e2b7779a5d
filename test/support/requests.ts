/** Events as API Gateway sends them to an authorizer, and requests made of them. */
import { type AuthorizationRequest, parseRequest } from '../../lambda/authorizer/request.ts';

export const STAGE_ARN = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod';

export type Pair = readonly [name: string, value: string];

export interface RequestParts {
  readonly method?: string;
  readonly resource?: string;
  /** @default the resource */
  readonly path?: string;
  readonly headers?: readonly Pair[];
  readonly query?: readonly Pair[];
}

export type Event = Readonly<Record<string, unknown>>;

export function tokenEvent(authorizationToken: unknown, path = '/orders'): Event {
  return { type: 'TOKEN', authorizationToken, methodArn: `${STAGE_ARN}/GET${path}` };
}

/** @param more members that replace those made of the parts. */
export function requestEvent(parts: RequestParts = {}, more: Event = {}): Event {
  const { method = 'GET', resource = '/orders', path = resource, headers = [], query = [] } = parts;
  return {
    type: 'REQUEST',
    methodArn: `${STAGE_ARN}/${method}${path}`,
    resource,
    path,
    httpMethod: method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    queryStringParameters: Object.fromEntries(query),
    multiValueQueryStringParameters: grouped(query),
    pathParameters: {},
    stageVariables: {},
    requestContext: { requestId: 'request-1' },
    ...more,
  };
}

export function requestOf(parts: RequestParts = {}, more: Event = {}): AuthorizationRequest {
  return parseRequest(requestEvent(parts, more));
}

/** A request with `Authorization: Bearer <token>`. */
export function bearerRequest(token: string, parts: RequestParts = {}): AuthorizationRequest {
  return requestOf({ ...parts, headers: [['Authorization', `Bearer ${token}`], ...(parts.headers ?? [])] });
}

function grouped(pairs: readonly Pair[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of pairs) groups[name] = [...(groups[name] ?? []), value];
  return groups;
}
