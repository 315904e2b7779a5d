import { isRecord } from '../config/record.ts';
import { type MethodArn, parseMethodArn } from './method-arn.ts';

/** A request as the authorizer sees it, from a TOKEN or a REQUEST event. Nothing of it is verified. */
export interface AuthorizationRequest {
  readonly methodArn: MethodArn;
  readonly method: string;
  /** The API's resource that received the request, such as `/orders/{id}`; unknown in a TOKEN event. */
  readonly resource?: string;
  readonly path?: string;
  readonly requestId?: string;
  /** Every value that the header has, whatever the case of its name. */
  headerValues(name: string): readonly string[];
  queryValues(name: string): readonly string[];
}

/** An event that API Gateway never sends: somebody else calls the function, or something is set up wrongly. */
export class EventMalformed extends Error {
  override readonly name = 'EventMalformed';
}

/**
 * @param event what API Gateway invokes the function with.
 * @throws EventMalformed when it is neither a TOKEN nor a REQUEST event of a REST API.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function parseRequest(event: unknown): AuthorizationRequest {
  if (!isRecord(event)) throw new EventMalformed('the event is no object');
  const methodArn = parseMethodArn(event['methodArn']);
  if (methodArn === undefined) throw new EventMalformed('the event has no methodArn of a REST API');
  if (event['type'] === 'TOKEN') return fromTokenEvent(event, methodArn);
  if (event['type'] === 'REQUEST') return fromRequestEvent(event, methodArn);
  throw new EventMalformed('the event is of type neither TOKEN nor REQUEST');
}

/** The event says the token's header's value, and of which header only the API knows. */
function fromTokenEvent(
  event: Readonly<Record<string, unknown>>,
  methodArn: MethodArn,
): AuthorizationRequest {
  const token = event['authorizationToken'];
  const values = typeof token === 'string' ? [token] : [];
  return { methodArn, method: methodArn.method, headerValues: () => values, queryValues: () => [] };
}

function fromRequestEvent(
  event: Readonly<Record<string, unknown>>,
  methodArn: MethodArn,
): AuthorizationRequest {
  const { resource, path, httpMethod, requestContext } = event;
  if (typeof resource !== 'string' || typeof httpMethod !== 'string') {
    throw new EventMalformed('the REQUEST event has no resource or httpMethod');
  }
  // It goes into a policy, where `*` would mean every method.
  if (!/^[A-Za-z]+$/.test(httpMethod)) throw new EventMalformed('the httpMethod is none of HTTP');
  const requestId = isRecord(requestContext) ? requestContext['requestId'] : undefined;
  return {
    methodArn,
    method: httpMethod.toUpperCase(),
    resource,
    ...(typeof path === 'string' && { path }),
    ...(typeof requestId === 'string' && { requestId }),
    headerValues: (name) => {
      const wanted = name.toLowerCase();
      // Names of headers are ASCII: as long in either case. A request has a dozen, and one is asked for.
      const isNamed = (key: string) => key.length === wanted.length && key.toLowerCase() === wanted;
      return valuesOf(event['multiValueHeaders'], event['headers'], isNamed);
    },
    queryValues: (name) =>
      valuesOf(
        event['multiValueQueryStringParameters'],
        event['queryStringParameters'],
        (key) => key === name,
      ),
  };
}

/** All values under the names that match; the single-valued map only where the other does not have them. */
function valuesOf(multiple: unknown, single: unknown, isNamed: IsNamed): readonly string[] {
  const lists = entriesNamed(multiple, isNamed);
  // As nearly always; what follows takes as long as the rest of reading the event.
  const all = lists.length === 1 && Array.isArray(lists[0]) ? lists[0] : lists.flat();
  const values = all.length > 0 ? all : entriesNamed(single, isNamed);
  return values.every(isText) ? values : values.filter(isText);
}

type IsNamed = (key: string) => boolean;

const isText = (value: unknown): value is string => typeof value === 'string';

function entriesNamed(map: unknown, isNamed: IsNamed): unknown[] {
  const values: unknown[] = [];
  if (!isRecord(map)) return values;
  for (const key of Object.keys(map)) if (isNamed(key)) values.push(map[key]);
  return values;
}
