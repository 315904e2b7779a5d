import {
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http';
import { connect } from 'node:net';
import type { AuthorizerConfig, JwtPolicy, RouteRule, TokenPlace } from '../../lambda/config/types.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders | readonly string[];
  readonly body?: string | Buffer;
}

/** Sends a path as it stands: `fetch` would resolve its dot segments. */
export function send(
  base: string,
  path: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = open(base, path, { method, headers });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.end(body);
  });
}

export function open(base: string, path: string, { method = 'GET', headers = {} }: Sent): ClientRequest {
  const { hostname, port } = new URL(base);
  // Node adds no Host of its own to a list.
  const complete = Array.isArray(headers) ? ['Host', `${hostname}:${port}`, ...headers] : headers;
  return httpRequest({
    hostname,
    port,
    path,
    method,
    headers: complete as OutgoingHttpHeaders,
    agent: false,
  });
}

/** Writes bytes to a socket and reads until the server closes it. */
export function sendBytes(base: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      received += text;
    });
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
  });
}

const BEARER: TokenPlace = { in: 'header', name: 'Authorization', scheme: 'Bearer' };

export function policyConfig(changes: Partial<JwtPolicy> = {}): JwtPolicy {
  return {
    index: 0,
    keySource: { kind: 'generated', previousKeySeconds: 86_400 },
    algorithms: ['HS256'],
    allowShortSecret: false,
    tokenPlace: BEARER,
    audience: [],
    issuer: [],
    checkCredentialExistence: true,
    tokenRevocation: true,
    passThrough: false,
    requireExp: true,
    clockToleranceSeconds: 0,
    requiredClaims: [],
    ...changes,
  };
}

export function config(changes: Partial<AuthorizerConfig> = {}): AuthorizerConfig {
  return {
    policies: [policyConfig()],
    routes: [],
    authorizerCacheSeconds: 300,
    credentialCacheSeconds: 60,
    expiryCondition: false,
    onDenial: 'unauthorized',
    ...changes,
  };
}

export function rule(path: string, scopes: readonly string[], methods?: readonly string[]): RouteRule {
  return { paths: [path], scopes, ...(methods ? { methods } : {}) };
}

type StatementText = Readonly<Record<string, unknown>>;

export function statement(
  Effect: 'Allow' | 'Deny',
  Resource: unknown = '*',
  more: StatementText = {},
): StatementText {
  return { Effect, Action: 'execute-api:Invoke', Resource, ...more };
}

export function answer(
  statements: readonly StatementText[],
  context: Readonly<Record<string, unknown>> = {},
): unknown {
  return { principalId: 'user-1', policyDocument: { Version: '2012-10-17', Statement: statements }, context };
}

export const ALLOW = answer([statement('Allow')]);
export const DENY = answer([statement('Deny')]);
