/** Express Gateway's configurations for tests, and what an import makes of them. */
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Conversion, convertGatewayConfig } from '../../bin/import/gateway-config/convert.ts';
import type { Finding } from '../../bin/import/gateway-config/finding.ts';
import type { Variables } from '../../bin/import/gateway-config/variables.ts';

/** 64 bytes: long enough for every HS*. */
export const SECRET = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQaE6oIi0UyTrZxCvNwMbKlSdFpGhJ_AeVi';

/** As a gateway for two APIs might have it, with all that the generated one has. */
export const SAMPLE = `http:
  port: \${EG_HTTP_PORT:-8080}
# https:
#   port: \${NOT_THERE}
admin:
  port: 9876
  host: localhost
apiEndpoints:
  orders:
    host: '*'
    paths: ['/orders', '/orders/*']
    scopes: [orders:read]
  order:
    - paths: /orders/:id
      methods: 'PUT, DELETE'
      scopes: [orders:write]
  health:
    paths: /health
serviceEndpoints:
  backend:
    url: 'http://localhost:3000'
policies: [cors, jwt, log, proxy]
pipelines:
  orders:
    apiEndpoints: [orders, order, health]
    policies:
      - jwt:
          - action:
              secretOrPublicKey: '\${JWT_SECRET}'
              audience: \${AUDIENCE:-orders-api}
      - log:
          - action: { message: '\${req.method}' }
      - proxy:
          - action: { serviceEndpoint: backend, changeOrigin: true }
`;

export interface Given {
  readonly variables?: Variables;
  /** By the path that the configuration names. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly pipeline?: string;
  readonly scopeClaim?: string;
}

export function convert(text: string, { variables = {}, files = {}, ...more }: Given = {}): Conversion {
  return convertGatewayConfig(text, {
    variables,
    readFile: (path, where, notes) => {
      const content = files[path];
      if (content === undefined) notes.problem('key_file_unreadable', where, 'not there');
      return content === undefined ? undefined : Buffer.from(content);
    },
    secretPath: (index) => `./secrets/jwt-${index}`,
    ...more,
  });
}

type Settings = Readonly<Record<string, unknown>>;

/** A jwt item of a pipeline with a secret, and these options beside it or instead. */
export function jwt(action: Settings = {}, condition?: Settings): Settings {
  return { jwt: [{ ...(condition && { condition }), action: { secretOrPublicKey: SECRET, ...action } }] };
}

/** A gateway whose one pipeline has these policies, for everything. */
export function pipelineOf(...policies: readonly unknown[]): string {
  return gatewayOf({ pipelines: { main: { apiEndpoints: ['all'], policies } } });
}

export function gatewayOf(sections: Settings): string {
  return stringify({ apiEndpoints: { all: { host: '*' } }, ...sections });
}

/** `code at path`, in the order of the report. */
export const codesOf = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, path }) => (path === '' ? code : `${code} at ${path}`));

/** Codes alone, sorted, without those that every import warns of. */
export function warningsOf({ warnings }: Conversion): string[] {
  const usual = ['tokens_without_exp', 'answers_are_cached', 'secret_not_deployable', 'authorizer_warning'];
  return warnings
    .map(({ code }) => code as string)
    .filter((code) => !usual.includes(code))
    .sort();
}

/** @throws Error where there are problems. */
export function resultOf(conversion: Conversion) {
  if (conversion.result !== undefined) return conversion.result;
  throw new Error(codesOf(conversion.problems).join(', '));
}

/** The one policy that comes of a jwt item. */
export function policyOf(action: Settings, given?: Given): Settings {
  const { config } = resultOf(convert(pipelineOf(jwt(action)), given));
  return config['jwt'] as Settings;
}

export function problemsOf(text: string, given?: Given): string[] {
  const { result, problems } = convert(text, given);
  if (result !== undefined) throw new Error('nothing was found wrong');
  return codesOf(problems);
}

export const fixture = (name: string): string =>
  readFileSync(new URL(`../config/fixtures/${name}`, import.meta.url), 'utf8');
