import { listOf } from './list.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { isRecord } from './record.ts';
import { parseRestApi } from './rest-api.ts';
import {
  adminApiSchema,
  corsSchema,
  HEADER_TOKEN,
  HTTP_METHODS,
  type RawCors,
  type RawFile,
} from './schema.ts';
import type { AdminApi, AuthorizerConfig, Cors } from './types.ts';
import { validate } from './validate.ts';

/**
 * The top-level options beside `jwt` and `routes`. Problems are added to `problems`.
 * @param tokenHeaders the headers that carry tokens; a browser must be allowed to send them.
 */
export function parseSettings(
  file: RawFile,
  tokenHeaders: readonly string[],
  problems: Problem[],
): Omit<AuthorizerConfig, 'policies' | 'routes' | 'plans'> {
  const upstream = file.upstream === undefined ? undefined : parseUpstream(file.upstream, problems);
  const cors = parseCors(file.cors, tokenHeaders, problems);
  const restApi = parseRestApi(file, problems);
  const adminApi = parseAdminApi(file, problems);
  return {
    ...(upstream !== undefined && { upstream }),
    authorizerCacheSeconds: file.authorizerCacheSeconds ?? 300,
    credentialCacheSeconds: file.credentialCacheSeconds ?? 60,
    ...parseStale(file, problems),
    expiryCondition: file.expiryCondition ?? false,
    onDenial: file.onDenial ?? 'unauthorized',
    ...(cors !== undefined && { cors }),
    ...(restApi !== undefined && { restApi }),
    ...(adminApi !== undefined && { adminApi }),
  };
}

/** 0 is off, as unset is. */
function parseStale(
  { staleCredentialSeconds, credentialCacheSeconds = 60 }: RawFile,
  problems: Problem[],
): Pick<AuthorizerConfig, 'staleCredentialSeconds'> {
  if (!staleCredentialSeconds) return {};
  if (staleCredentialSeconds <= credentialCacheSeconds)
    problems.push({
      code: 'value_invalid',
      path: 'staleCredentialSeconds',
      message: `got ${staleCredentialSeconds}, but credentials are remembered for ${credentialCacheSeconds} s anyway (credentialCacheSeconds); give more, or 0`,
    });
  return { staleCredentialSeconds };
}

function parseUpstream(text: string, problems: Problem[]): string {
  const refuse = (message: string) => {
    problems.push({ code: 'value_invalid', path: 'upstream', message });
    return text;
  };
  // A URL with a password in it is not quoted.
  if (!URL.canParse(text))
    return refuse(
      `got ${quote(text, text.includes('@'))}; give an http(s) URL such as https://orders.example.com`,
    );
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse(`got ${quote(url.protocol)}; give an http(s) URL`);
  if (url.username !== '' || url.password !== '')
    return refuse('has a user name or password in it; leave them out');
  if (url.search !== '' || url.hash !== '')
    return refuse('has a query or fragment; give the origin and, if need be, a base path');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function parseAdminApi({ adminApi, jwt }: RawFile, problems: Problem[]): AdminApi | undefined {
  if (adminApi === undefined || adminApi === false) return undefined;
  if (!asksForTable(jwt))
    problems.push({
      code: 'option_unused',
      path: 'adminApi',
      message:
        'there is nothing to manage, since no policy looks credentials or revocations up; leave it out, or set checkCredentialExistence or tokenRevocation: true',
    });
  if (adminApi === true) return { allowedPrincipals: [] };
  const { value, problems: shape } = validate(adminApiSchema, adminApi, 'adminApi');
  problems.push(...shape);
  return value;
}

/** Of the policies as they are in the file: one with another fault still says what it is meant for. */
function asksForTable(jwt: unknown): boolean {
  const policies: readonly unknown[] = Array.isArray(jwt) ? jwt : [jwt];
  return policies.some(
    (policy) =>
      !isRecord(policy) || policy['checkCredentialExistence'] !== false || policy['tokenRevocation'] === true,
  );
}

function parseCors(value: unknown, tokenHeaders: readonly string[], problems: Problem[]): Cors | undefined {
  if (value === undefined || value === false) return undefined;
  const { value: raw, problems: shape } = validate(
    corsSchema,
    value === true ? { allowOrigins: '*' } : value,
    'cors',
  );
  problems.push(...shape);
  if (raw === undefined) return undefined;
  checkCors(raw, problems);
  return {
    allowOrigins: listOf(raw.allowOrigins),
    allowCredentials: raw.allowCredentials ?? false,
    allowMethods: raw.allowMethods === undefined ? HTTP_METHODS : listOf(raw.allowMethods),
    allowHeaders:
      raw.allowHeaders === undefined
        ? [...new Set([...tokenHeaders, 'content-type'])]
        : listOf(raw.allowHeaders),
    exposeHeaders: listOf(raw.exposeHeaders),
    ...(raw.maxAgeSeconds !== undefined && { maxAgeSeconds: raw.maxAgeSeconds }),
  };
}

function checkCors(raw: RawCors, problems: Problem[]): void {
  const refuse = (option: keyof Cors, message: string) =>
    problems.push({ code: 'value_invalid', path: `cors.${option}`, message });
  for (const origin of listOf(raw.allowOrigins)) {
    if (origin === '*') {
      if (raw.allowCredentials)
        refuse('allowOrigins', 'got *, which browsers refuse with allowCredentials; list the origins');
    } else if (origin.includes('*') || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      refuse(
        'allowOrigins',
        `got ${quote(origin)}; give an origin such as https://app.example.com, without a path`,
      );
    }
  }
  // They become header values as they are.
  for (const option of ['allowMethods', 'allowHeaders', 'exposeHeaders'] as const) {
    for (const name of listOf(raw[option]))
      if (!HEADER_TOKEN.test(name))
        refuse(option, `got ${quote(name)}; give names without spaces and commas`);
  }
}
