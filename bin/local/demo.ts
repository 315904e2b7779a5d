import jwt from 'jsonwebtoken';
import { matchesPath, templateOf } from '../../lambda/config/route-template.ts';
import type { AuthorizerConfig, JwtPolicy, RouteRule, TokenPlace } from '../../lambda/config/types.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import type { LocalKeys } from './local-keys.ts';

const USERNAME = 'demo';
const READER = 'demo-reader';
const WRITER = 'demo-writer';
const TOKEN_SECONDS = 24 * 60 * 60;

/**
 * Makes the demo user with two credentials where they do not exist: one without scopes, one with every scope
 * that `routes` name. What exists is left as it is, deactivated or not.
 */
export async function ensureDemoConsumers(
  store: ConsumerStore,
  { routes, policies }: AuthorizerConfig,
): Promise<void> {
  await store.createUser({ username: USERNAME, firstname: 'Demo', lastname: 'User' });
  const scopes = scopesOf(routes);
  // One at a time: those that exist must not keep the others from being made.
  for (const scope of scopes) await store.createScopes([scope]);
  const [issuer] = policies.find((policy) => policy.checkCredentialExistence)?.issuer ?? [];
  const common = { consumerId: USERNAME, ...(issuer !== undefined && { issuer }) };
  await store.createCredential({ ...common, keyId: READER });
  await store.createCredential({ ...common, keyId: WRITER, scopes });
}

/** What a person can try at once: tokens, and commands that work as they stand.
 * @returns lines for a terminal; without tokens where no signing key is here. */
export function demoLines(
  config: AuthorizerConfig,
  { url, keys }: { url: string; keys: LocalKeys },
): readonly string[] {
  const policy = config.policies.find((candidate) => keys.signingKeyOf(candidate) !== undefined);
  if (policy === undefined) {
    return [
      'No signing key of this configuration is here, so no token can be made: take one of your issuer.',
      curl(url, 'GET', '/hello', undefined),
      '',
    ];
  }
  const token = mint(policy, keys, { subject: READER, scopes: [] });
  const allowed = unscopedRoute(config.routes);
  const refused = scopedRoute(config.routes);
  const lines = ['A token of the demo user, valid for a day:', '', token, ''];
  lines.push(
    '200, with what the upstream learns of the caller:',
    curl(url, ...allowed, at(policy.tokenPlace, token)),
    '',
  );
  lines.push(
    config.policies.every(({ passThrough }) => passThrough)
      ? '200 as anonymous, without a token:'
      : '401, without a token:',
    curl(url, ...allowed, undefined),
    '',
  );
  if (refused !== undefined) {
    const writer = mint(policy, keys, { subject: WRITER, scopes: scopesOf(config.routes) });
    lines.push(
      '403, since that token lacks a scope:',
      curl(url, ...refused, at(policy.tokenPlace, token)),
      '',
    );
    lines.push(
      '200, with a token that has the scope:',
      curl(url, ...refused, at(policy.tokenPlace, writer)),
      '',
    );
  }
  return lines;
}

/** A token that satisfies the policy, for one of the demo credentials. */
function mint(
  policy: JwtPolicy,
  keys: LocalKeys,
  { subject, scopes }: { subject: string; scopes: readonly string[] },
): string {
  const [issuer] = policy.issuer;
  const [audience] = policy.audience;
  const required = policy.requiredClaims.map(({ name, values }) => [name, values?.[0] ?? 'demo'] as const);
  const claims: Record<string, unknown> = {
    ...Object.fromEntries(required.filter(([name]) => !['exp', 'iat', 'nbf'].includes(name))),
    ...(issuer !== undefined && { iss: issuer }),
    ...(audience !== undefined && { aud: audience }),
    sub: subject,
    ...(required.some(([name]) => name === 'nbf') && { nbf: Math.floor(Date.now() / 1000) }),
  };
  if (policy.scopeClaim !== undefined) place(claims, policy.scopeClaim, scopes.join(' '));
  const [algorithm = 'HS256'] = policy.algorithms;
  const [typ = 'JWT'] = policy.tokenTypes ?? [];
  const expiresIn = Math.min(TOKEN_SECONDS, policy.maxAgeSeconds ?? TOKEN_SECONDS) || 1;
  return jwt.sign(claims, keys.signingKeyOf(policy) ?? '', {
    algorithm,
    expiresIn,
    header: { alg: algorithm, typ },
  });
}

function place(
  claims: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: string,
): void {
  if (rest.length === 0) {
    claims[name] = value;
    return;
  }
  const inner = { ...(claims[name] as Record<string, unknown> | undefined) };
  claims[name] = inner;
  place(inner, rest, value);
}

interface Presented {
  readonly query: string;
  readonly flag: string;
}

function at(tokenPlace: TokenPlace, token: string): Presented {
  if (tokenPlace.in === 'query')
    return { query: `?${encodeURIComponent(tokenPlace.name)}=${token}`, flag: '' };
  if (tokenPlace.in === 'cookie') return { query: '', flag: ` -H 'Cookie: ${tokenPlace.name}=${token}'` };
  const value = tokenPlace.scheme === undefined ? token : `${tokenPlace.scheme} ${token}`;
  return { query: '', flag: ` -H '${tokenPlace.name}: ${value}'` };
}

function curl(url: string, method: string, path: string, presented: Presented | undefined): string {
  const verb = method === 'GET' ? '' : ` -X ${method}`;
  return `curl -i${verb}${presented?.flag ?? ''} '${url}${path}${presented?.query ?? ''}'`;
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

/** `/orders/{id}` as somebody would call it: `/orders/7`. */
function examplePath(template: string): string {
  return `/${templateOf(template)
    .map((segment) => (segment.kind === 'literal' ? segment.text : '7'))
    .join('/')}`;
}

function scopesOf(routes: readonly RouteRule[]): readonly string[] {
  return [...new Set(routes.flatMap((rule) => rule.scopes))];
}
