import { listOf } from './list.ts';
import type { Problem } from './problem.ts';
import { HTTP_METHODS, type RawFile } from './schema.ts';
import type { AuthorizerConfig, Cors } from './types.ts';
import { quote } from './validate.ts';

/** The settings alone: the schema's type also says that every other key is `never`. */
type CorsSettings = Pick<Exclude<RawFile['cors'], boolean | undefined>, keyof Cors>;

/**
 * The top-level options beside `jwt` and `routes`. Problems are added to `problems`.
 * @param tokenHeaders the headers that carry tokens; a browser must be allowed to send them.
 */
export function parseSettings(
  file: RawFile,
  tokenHeaders: readonly string[],
  problems: Problem[],
): Omit<AuthorizerConfig, 'policies' | 'routes'> {
  if (file.restApi !== undefined)
    problems.push({
      code: 'not_supported_yet',
      path: 'restApi',
      message: 'not supported by this version; leave it out, and the stack makes its own API',
    });
  if (file.adminApi !== undefined && file.adminApi !== false)
    problems.push({
      code: 'not_supported_yet',
      path: 'adminApi',
      message: 'not supported by this version; leave it out',
    });
  const upstream = file.upstream === undefined ? undefined : parseUpstream(file.upstream, problems);
  const cors = parseCors(file.cors, tokenHeaders, problems);
  return {
    ...(upstream !== undefined && { upstream }),
    authorizerCacheSeconds: file.authorizerCacheSeconds ?? 300,
    credentialCacheSeconds: file.credentialCacheSeconds ?? 60,
    expiryCondition: file.expiryCondition ?? false,
    onDenial: file.onDenial ?? 'unauthorized',
    ...(cors !== undefined && { cors }),
  };
}

function parseUpstream(text: string, problems: Problem[]): string {
  const refuse = (message: string) => {
    problems.push({ code: 'value_invalid', path: 'upstream', message });
    return text;
  };
  if (!URL.canParse(text))
    return refuse(`got ${quote(text)}; give an http(s) URL such as https://orders.example.com`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse(`got ${quote(url.protocol)}; give an http(s) URL`);
  // A URL with a password in it is not quoted.
  if (url.username !== '' || url.password !== '')
    return refuse('has a user name or password in it; leave them out');
  if (url.search !== '' || url.hash !== '')
    return refuse('has a query or fragment; give the origin and, if need be, a base path');
  return text.replace(/\/+$/, '');
}

function parseCors(
  raw: RawFile['cors'],
  tokenHeaders: readonly string[],
  problems: Problem[],
): Cors | undefined {
  if (raw === undefined || raw === false) return undefined;
  const given: CorsSettings = raw === true ? { allowOrigins: '*' } : raw;
  const allowOrigins = listOf(given.allowOrigins);
  const allowCredentials = given.allowCredentials ?? false;
  for (const origin of allowOrigins) {
    if (origin === '*' ? allowCredentials : !URL.canParse(origin) || new URL(origin).origin !== origin) {
      const message =
        origin === '*'
          ? 'got *, which browsers refuse with allowCredentials; list the origins'
          : `got ${quote(origin)}; give an origin such as https://app.example.com, without a path`;
      problems.push({ code: 'value_invalid', path: 'cors.allowOrigins', message });
    }
  }
  return {
    allowOrigins,
    allowCredentials,
    allowMethods: given.allowMethods === undefined ? HTTP_METHODS : listOf(given.allowMethods),
    allowHeaders:
      given.allowHeaders === undefined
        ? [...new Set([...tokenHeaders, 'content-type'])]
        : listOf(given.allowHeaders),
    exposeHeaders: listOf(given.exposeHeaders),
    ...(given.maxAgeSeconds !== undefined && { maxAgeSeconds: given.maxAgeSeconds }),
  };
}
