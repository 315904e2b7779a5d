import { matchesPath, templateOf } from '../../lambda/config/route-template.ts';
import type { AuthorizerConfig, JwtPolicy, RouteRule, TokenPlace } from '../../lambda/config/types.ts';
import type { Demo, DemoCaller } from './demo-consumers.ts';
import { mint } from './demo-token.ts';
import { examplePath } from './example-path.ts';

/**
 * What a person can try at once: tokens, and commands that work as they stand.
 * @param demo undefined where no key was made here.
 * @returns lines for a terminal.
 */
export function demoLines(
  { routes, policies }: AuthorizerConfig,
  demo: Demo | undefined,
  url: string,
): readonly string[] {
  const open = unscopedRoute(routes);
  const isAnonymous = policies.every(({ passThrough }) => passThrough);
  const withoutToken = [
    isAnonymous ? '200 as anonymous, without a token:' : '401, without a token:',
    curl(url, open),
  ];
  if (demo === undefined) return [noToken(policies), '', ...withoutToken, ''];
  const { policy, reader, writer } = demo;
  const tokenOf = (caller: DemoCaller) => mint(policy, caller);
  const as = (caller: DemoCaller) => at(policy.tokenPlace, tokenOf(caller));
  const scoped = scopedRoute(routes);
  const examples = [
    ['200, with what the upstream learns of the caller:', curl(url, open, as(reader))],
    withoutToken,
    ...(scoped === undefined
      ? []
      : [
          ['403, since that token lacks a scope:', curl(url, scoped, as(reader))],
          ['200, with a token that has the scope:', curl(url, scoped, as(writer))],
        ]),
  ];
  return [
    'A token of the demo user:',
    '',
    tokenOf(reader),
    '',
    ...examples.flatMap((lines) => [...lines, '']),
  ];
}

/** Why there is none, and where one comes from. */
function noToken(policies: readonly JwtPolicy[]): string {
  const hasSecret = policies.some(
    ({ keySource }) => keySource.kind === 'inline' && keySource.key.type === 'secret',
  );
  return hasSecret
    ? 'No token is made unasked with the secret of this configuration, which may be in use elsewhere: jwt-authorizer token create KEYID makes one for a credential of yours.'
    : 'No signing key of this configuration is here, so no token can be made: take one of your issuer, or give the key: jwt-authorizer token create KEYID --key FILE.';
}

interface Presented {
  readonly query: string;
  readonly flag: string;
}

function at(tokenPlace: TokenPlace, token: string): Presented {
  if (tokenPlace.in === 'query')
    return { query: `?${encodeURIComponent(tokenPlace.name)}=${token}`, flag: '' };
  if (tokenPlace.in === 'cookie')
    return { query: '', flag: ` -H ${quoted(`Cookie: ${tokenPlace.name}=${token}`)}` };
  const value = tokenPlace.scheme === undefined ? token : `${tokenPlace.scheme} ${token}`;
  return { query: '', flag: ` -H ${quoted(`${tokenPlace.name}: ${value}`)}` };
}

function curl(url: string, [method, path]: Route, presented?: Presented): string {
  const verb = method === 'GET' ? '' : ` -X ${method}`;
  return `curl -i${verb}${presented?.flag ?? ''} ${quoted(`${url}${path}${presented?.query ?? ''}`)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

type Route = readonly [method: string, path: string];

/** A route that needs no scope: one that a rule names if possible, for it looks familiar. */
function unscopedRoute(routes: readonly RouteRule[]): Route {
  const candidates = [...routes.flatMap((rule) => rule.paths.map(examplePath)), '/hello', '/hello/world'];
  const path = candidates.find((candidate) => !needsScope(routes, 'GET', candidate));
  return ['GET', path ?? '/'];
}

function scopedRoute(routes: readonly RouteRule[]): Route | undefined {
  const rule = routes.find(({ scopes }) => scopes.length > 0);
  const [path] = rule?.paths ?? [];
  return rule && path !== undefined ? [rule.methods?.[0] ?? 'GET', examplePath(path)] : undefined;
}

function needsScope(routes: readonly RouteRule[], method: string, path: string): boolean {
  return routes.some(
    ({ scopes, methods, paths }) =>
      scopes.length > 0 &&
      (methods?.includes(method) ?? true) &&
      paths.some((template) => matchesPath(templateOf(template), path)),
  );
}
