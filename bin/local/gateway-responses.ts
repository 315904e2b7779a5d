import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GatewayResponses, ResponseType } from '../../lambda/config/gateway-responses.ts';

/**
 * What API Gateway answers on its own by default, by its names for it. Bodies and headers as clients see them; the two
 * spellings `message` and `Message` are API Gateway's.
 *
 * Seen by users: all but `REQUEST_TOO_LARGE` (status documented, body and error type not) and
 * `HEADERS_TOO_LARGE` (only the quota is documented).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const GATEWAY_RESPONSES = {
  UNAUTHORIZED: { status: 401, errorType: 'UnauthorizedException', body: { message: 'Unauthorized' } },
  ACCESS_DENIED: {
    status: 403,
    errorType: 'AccessDeniedException',
    body: { Message: 'User is not authorized to access this resource' },
  },
  ACCESS_DENIED_EXPLICITLY: {
    status: 403,
    errorType: 'AccessDeniedException',
    body: { Message: 'User is not authorized to access this resource with an explicit deny' },
  },
  // A function that throws, or takes too long, is reported to clients in the same words as one that
  // answers nonsense.
  AUTHORIZER_FAILURE: {
    status: 500,
    errorType: 'AuthorizerConfigurationException',
    body: { message: null },
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 500,
    errorType: 'AuthorizerConfigurationException',
    body: { message: null },
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    body: { message: 'Missing Authentication Token' },
  },
  INVALID_API_KEY: { status: 403, errorType: 'ForbiddenException', body: { message: 'Forbidden' } },
  THROTTLED: {
    status: 429,
    errorType: 'TooManyRequestsException',
    body: { message: 'Too Many Requests' },
  },
  QUOTA_EXCEEDED: {
    status: 429,
    errorType: 'LimitExceededException',
    body: { message: 'Limit Exceeded' },
  },
  BAD_REQUEST: { status: 400, errorType: 'BadRequestException', body: { message: 'Bad Request' } },
  REQUEST_TOO_LARGE: {
    status: 413,
    errorType: 'RequestTooLargeException',
    body: { message: 'Request Too Long' },
  },
  HEADERS_TOO_LARGE: {
    status: 413,
    errorType: 'RequestTooLargeException',
    body: { message: 'HTTP header is larger than 10240 bytes.' },
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    errorType: 'InternalServerErrorException',
    body: { message: 'Endpoint request timed out' },
  },
  INTEGRATION_FAILURE: {
    status: 504,
    errorType: 'InternalServerErrorException',
    body: { message: 'Network error communicating with endpoint' },
  },
  INTERNAL_ERROR: {
    status: 500,
    errorType: 'InternalServerErrorException',
    body: { message: 'Internal server error' },
  },
} as const;

export type GatewayResponse = keyof typeof GATEWAY_RESPONSES;

/** A complete answer, for whoever writes it. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request that is answered, as far as an answer is made of it. */
export interface Answered {
  readonly requestId: string;
  /** What the API answers otherwise than by default. */
  readonly responses: GatewayResponses;
  /** The context of the authorizer that denied. */
  readonly context?: Readonly<Record<string, string>> | undefined;
  /** The value of a header, by its name in any case. @default - none is known */
  readonly headerOf?: (name: string) => string | undefined;
}

/**
 * The API's own answer for the type if it has one, else the default, with the headers of its family's answer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function gatewayResponse(name: GatewayResponse, answered: Answered): WireResponse {
  const { status, errorType, body } = GATEWAY_RESPONSES[name];
  const { requestId, responses, context = {}, headerOf = () => undefined } = answered;
  const type = name === 'ACCESS_DENIED_EXPLICITLY' ? 'ACCESS_DENIED' : name;
  const custom = responses[type as ResponseType] ?? responses[status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'];
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-RequestId': requestId,
      'x-amzn-ErrorType': errorType,
      ...mapped(custom?.headers ?? {}, headerOf),
    },
    body: custom?.template === undefined ? JSON.stringify(body) : filled(custom.template, context),
  };
}

function mapped(
  headers: Readonly<Record<string, string>>,
  headerOf: (name: string) => string | undefined,
): Record<string, string> {
  const values = Object.entries(headers).map(([name, source]) => {
    const literal = /^'(.*)'$/.exec(source)?.[1];
    return [name, literal ?? headerOf(source.replace(/^method\.request\.header\./, ''))] as const;
  });
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** No more than this is done on AWS either. What is not there is left empty; what AWS makes of it is not documented. */
function filled(template: string, context: Readonly<Record<string, string>>): string {
  return template.replace(/\$context\.authorizer\.(\w+)/g, (_, name: string) =>
    Object.hasOwn(context, name) ? (context[name] ?? '') : '',
  );
}

/** @returns false when it is too late: the client is gone, or another answer has begun. */
export function sendResponse(outgoing: ServerResponse, { status, headers, body }: WireResponse): boolean {
  if (outgoing.headersSent || outgoing.destroyed) return false;
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(body);
  return true;
}

/** What Node's parser refuses never becomes a request; it still gets an answer of API Gateway's shape. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const name = error.code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'BAD_REQUEST';
  const { status, headers, body } = gatewayResponse(name, { requestId: randomUUID(), responses: {} });
  const fields = Object.entries({ ...headers, 'content-length': body.length, connection: 'close' });
  const head = fields.map(([key, value]) => `${key}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}
