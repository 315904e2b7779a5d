import { createHmac, createSign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { type LoadedConfig, loadConfigFile } from '../../lambda/config/load.ts';

export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; start the tier with test/deploy/run.sh`);
  return value;
}

export const endpoint = variable('AWS_ENDPOINT_URL');
export const folder = variable('DEPLOY_TIER_FOLDER');

export function fileOf(name: string): Buffer {
  return readFileSync(join(folder, name));
}

/** The outputs of a deployed stack. */
export function outputsOf(stack: string): Record<string, string> {
  const files = JSON.parse(fileOf(`${stack}.json`).toString('utf8')) as Record<
    string,
    Record<string, string>
  >;
  return files[stack] ?? {};
}

/** The configuration that a stack was deployed with. */
export function loadedConfig(stack: string): LoadedConfig {
  const loaded = loadConfigFile(join(folder, `${stack}.yml`));
  if (!loaded.ok) throw new Error(`${stack}.yml: ${JSON.stringify(loaded.problems)}`);
  return loaded;
}

/** @param output that holds the API's URL. */
export function apiIdOf(stack: string, output = 'ApiUrl'): string {
  return new URL(outputsOf(stack)[output] ?? '').hostname.split('.')[0] ?? '';
}

/** A request to a stack's API, through the emulator's own address of its stage. */
export function request(
  stack: string,
  path: string,
  init: RequestInit = {},
  output?: string,
): Promise<Response> {
  return fetch(`${endpoint}/restapis/${apiIdOf(stack, output)}/prod/_user_request_${path}`, init);
}

export function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

interface AwsCall {
  readonly method?: string;
  readonly path?: string;
  readonly target?: string;
  readonly body?: unknown;
}

/** A call of a control plane. The emulator reads the service from the signature's scope and checks no more. */
export async function callAws(service: string, call: AwsCall): Promise<Record<string, unknown>> {
  const text = await askAws(service, call);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}

/** @returns the answer as it came. */
export async function askAws(
  service: string,
  { method = 'GET', path = '/', target = '', body = {} }: AwsCall,
): Promise<string> {
  const scope = `test/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(`${endpoint}${path}`, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      accept: 'application/json',
      'content-type': target === '' ? 'application/json' : 'application/x-amz-json-1.1',
      ...(target !== '' && { 'x-amz-target': target }),
    },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} ${method} ${path} ${target}: ${response.status} ${text}`);
  return text;
}

export const SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0';

/** Calls of a stack's Admin API. */
export function adminOf(stack: string) {
  return (method: string, path: string, body?: unknown, authorization = SIGNATURE): Promise<Response> => {
    const headers = {
      ...(authorization !== '' && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return request(stack, path, init, 'AdminApiUrl');
  };
}

export async function generatedSecretOf(stack: string): Promise<string> {
  const answer = await callAws('secretsmanager', {
    method: 'POST',
    target: 'secretsmanager.GetSecretValue',
    body: { SecretId: outputsOf(stack)['GeneratedSecretArn0'] },
  });
  return String(answer['SecretString']);
}

type Claims = Record<string, unknown>;

/** Tokens are made by hand here, so that what verifies them has no part in it. */
export function signHs256(
  claims: Claims,
  secret: string | Buffer,
  header: Claims = { alg: 'HS256' },
): string {
  const input = signingInput(header, claims);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export function signRs256(claims: Claims): string {
  const input = signingInput({ alg: 'RS256', typ: 'JWT' }, claims);
  return `${input}.${createSign('sha256').update(input).sign(fileOf('private.pem'), 'base64url')}`;
}

function signingInput(header: Claims, claims: Claims): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

/** The header and payload of an RS256 token, signed by a key of the caller's. */
export function signWith(privateKey: KeyObject, claims: Claims): string {
  const input = signingInput({ alg: 'RS256', typ: 'JWT' }, claims);
  return `${input}.${createSign('sha256').update(input).sign(privateKey, 'base64url')}`;
}

/** Claims of a token that is good for a minute. */
export function claims(more: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { sub: 'caller', aud: 'orders-api', iat: now, exp: now + 60, ...more };
}

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The upstream of the deployed APIs: notes what reaches it and answers 200. */
export function startUpstream(): { received: Received[]; stop: () => Promise<void> } {
  const received: Received[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    received.push({ method, url, headers });
    response.setHeader('content-type', 'application/json').end('{"from":"upstream"}');
  }).listen(Number(variable('DEPLOY_TIER_UPSTREAM_PORT')), '127.0.0.1');
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { received, stop };
}
