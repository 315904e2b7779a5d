import { allowsAnonymous, hasScopedRoutes } from './keying.ts';
import type { AuthorizerConfig, Cors } from './types.ts';

/** API Gateway's own names. */
export const RESPONSE_TYPES = [
  'UNAUTHORIZED',
  'ACCESS_DENIED',
  'AUTHORIZER_FAILURE',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'INVALID_API_KEY',
  'THROTTLED',
  'QUOTA_EXCEEDED',
  'DEFAULT_4XX',
  'DEFAULT_5XX',
] as const;

export type ResponseType = (typeof RESPONSE_TYPES)[number];

/** An answer that API Gateway gives by itself. Its status is the type's. */
export interface GatewayResponse {
  /** By name, what a value is made of: a `'literal'`, or `method.request.header.NAME`, without which it is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** In which variables are replaced and nothing else is done. Undefined: API Gateway's `{"message":…}`. */
  readonly template?: string;
}

export type GatewayResponses = Readonly<Partial<Record<ResponseType, GatewayResponse>>>;

type Settings = Pick<AuthorizerConfig, 'policies' | 'routes' | 'onDenial' | 'expiryCondition'>;

/**
 * What an API with the authorizer answers by itself, where API Gateway would answer otherwise. An API that exists already
 * keeps its own: see docs/answers.md.
 */
export function gatewayResponsesOf(
  config: Settings & Pick<AuthorizerConfig, 'cors' | 'plans' | 'restApi'>,
): GatewayResponses {
  if (config.restApi !== undefined) return {};
  const headers = config.cors === undefined ? {} : corsHeaders(config.cors, []);
  return {
    ...authorizerResponsesOf(config, config.cors),
    THROTTLED: { headers, template: bodyOf('Too Many Requests', 'throttled') },
    ...(config.plans !== undefined && {
      INVALID_API_KEY: { headers, template: bodyOf('Forbidden', 'api_key_invalid') },
      QUOTA_EXCEEDED: { headers, template: bodyOf('Limit Exceeded', 'quota_exceeded') },
    }),
    ...(config.cors !== undefined && { DEFAULT_4XX: { headers }, DEFAULT_5XX: { headers } }),
  };
}

/**
 * Those of the authorizer alone: a challenge and the denial's code, and CORS headers, without which a page cannot even
 * read the status. Nobody is told of a 401 why: API Gateway hands nothing on of a function that answers with one.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function authorizerResponsesOf(config: Settings, cors: Pick<Cors, CorsOnErrors> | undefined) {
  const challenged = {
    ...(expectsBearer(config) && { 'WWW-Authenticate': `'${CHALLENGE}'` }),
    ...(cors && corsHeaders(cors, expectsBearer(config) ? ['WWW-Authenticate'] : [])),
  };
  const failed = {
    headers: cors === undefined ? {} : corsHeaders(cors, []),
    template: bodyOf('Internal server error', 'authorizer_unavailable'),
  };
  return {
    ...(Object.keys(challenged).length > 0 && { UNAUTHORIZED: { headers: challenged } }),
    ACCESS_DENIED: {
      headers: { ...challenged, ...(saysScope(config) && { 'WWW-Authenticate': `'${MORE_SCOPE}'` }) },
      template: DENIED,
    },
    AUTHORIZER_FAILURE: failed,
    AUTHORIZER_CONFIGURATION_ERROR: failed,
  } satisfies GatewayResponses;
}

/**
 * RFC 6750 §3 asks for a parameter at least. There is no error code in it: a request without a token gets the same
 * answer, and must not be told `invalid_token` (§3.1), which sends clients to refresh what they do not have.
 */
const CHALLENGE = 'Bearer realm="api"';
const MORE_SCOPE = `${CHALLENGE}, error="insufficient_scope"`;

/**
 * Whether it is for a scope that an honest caller gets a 403 with this configuration. A header's value cannot be put
 * together of text and variables, and whether API Gateway takes the authorizer's context for one is not documented.
 */
function saysScope(config: Settings): boolean {
  return (
    expectsBearer(config) &&
    hasScopedRoutes(config.routes) &&
    config.onDenial === 'unauthorized' &&
    !config.expiryCondition &&
    !allowsAnonymous(config)
  );
}

/**
 * The context of a Deny is the function's own two words (`refuse` in lambda/authorizer/answer.ts), made of a-z and `_`:
 * nothing of the request, and no claim, since no claim may have these names. So they need no escaping, of which a
 * template can do none. What is not there (a kept Allow that denies a path, or has expired) leaves the quotes empty.
 * Not in it: `$context.error.message`, which AWS words anew from time to time, and `$context.requestId`, which a
 * client may choose.
 */
const DENIED =
  '{"message":"User is not authorized to access this resource","error":"$context.authorizer.error","code":"$context.authorizer.code"}';

const bodyOf = (message: string, code: string) => JSON.stringify({ message, code });

type CorsOnErrors = 'allowOrigins' | 'allowCredentials' | 'exposeHeaders';

/**
 * Gateway responses cannot choose among origins. One is written down; of several, the asking one is
 * repeated, listed or not, but then never with credentials: a stranger's page sees what anyone sees.
 */
function corsHeaders(
  { allowOrigins, allowCredentials, exposeHeaders }: Pick<Cors, CorsOnErrors>,
  exposed: readonly string[],
): Record<string, string> {
  const [origin, ...others] = allowOrigins;
  const asked = exposeHeaders.filter((name) => !exposed.some((one) => isSameHeader(one, name)));
  const names = [...new Set([...exposed, ...asked])];
  const expose = names.length > 0 ? { 'Access-Control-Expose-Headers': `'${names.join(',')}'` } : {};
  if (others.length > 0)
    return { 'Access-Control-Allow-Origin': 'method.request.header.Origin', Vary: "'Origin'", ...expose };
  return {
    'Access-Control-Allow-Origin': `'${origin}'`,
    ...(allowCredentials && { 'Access-Control-Allow-Credentials': "'true'" }),
    ...expose,
  };
}

const isSameHeader = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function expectsBearer({ policies }: Pick<AuthorizerConfig, 'policies'>): boolean {
  return policies.some(
    ({ tokenPlace }) =>
      tokenPlace.in === 'header' &&
      tokenPlace.name.toLowerCase() === 'authorization' &&
      tokenPlace.scheme?.toLowerCase() === 'bearer',
  );
}
