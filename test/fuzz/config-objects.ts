/** Configurations as data: right ones, whose options are drawn from the JSON Schema, and what is done to them. */
import { readFileSync } from 'node:fs';
import type { Draw } from './draw.ts';
import { P256_PEM, RSA_PEM, SECRET_TEXTS } from './keys.ts';
import type { Random } from './random.ts';

type Schema = Readonly<Record<string, unknown>>;
type Mutable = Record<string, unknown>;

const SCHEMA: Schema = JSON.parse(
  readFileSync(new URL('../../schema/authorizer.config.schema.json', import.meta.url), 'utf8'),
);
const DEFINITIONS = SCHEMA['definitions'] as Readonly<Record<string, Schema>>;
export const SECRET = SECRET_TEXTS[0] ?? '';

/** Texts that an option takes; what is not named here is any text. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  secretOrPublicKey: [
    SECRET,
    RSA_PEM,
    P256_PEM,
    'short',
    `${SECRET}-`,
    '-----BEGIN PUBLIC KEY-----',
    '{"kty":"RSA"}',
  ],
  secretOrPublicKeyFile: ['./key.pem', '/dev/null', '..', '', 'key\u0000.pem'],
  secretOrPublicKeyBase64: [
    Buffer.from(SECRET).toString('base64'),
    '',
    'AAAA',
    Buffer.from(RSA_PEM).toString('base64'),
  ],
  secretArn: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:jwt-AbCdEf', 'arn:aws:secretsmanager:*'],
  parameterName: ['/orders/jwt', 'a b', 'x'.repeat(1012)],
  jwksUri: [
    'https://id.example.com/jwks',
    'http://id.example.com/jwks',
    'http://[::1]:7/jwks',
    'file:///etc/passwd',
    'https://',
    'x',
  ],
  issuer: ['https://id.example.com/', 'https://id.example.org', 'not a url', 'https://id.example.com/?x'],
  jwtExtractorField: ['X-Token', 'token', 'a b', 'ä', 'session', 'x,y'],
  paths: [
    '/orders',
    '/orders/{id}',
    '/files/{proxy+}',
    '/files/*',
    'orders',
    '/orders/',
    '/:id',
    '/a//b',
    '/{a+}/b',
    '/%41',
    '/',
  ],
  methods: ['GET', 'get', 'POST', '*', 'ANY', 'FETCH', ''],
  scopes: ['orders:read', 'orders:write', 'a b', '"', '', 'é'],
  upstream: [
    'https://orders.example.com',
    'http://127.0.0.1:1/base/',
    'ftp://x',
    'https://user:pass@x',
    'https://x/?q',
    'x',
  ],
  allowOrigins: ['*', 'https://app.example.com', 'https://app.example.com/', 'https://*.example.com', 'null'],
  allowMethods: ['GET', 'POST', 'a b', ''],
  allowHeaders: ['x-a', 'a,b'],
  id: ['a1b2c3d4e5', 'A', ''],
  stages: ['prod', 'v1', '$default', ''],
  routes: ['GET /orders/*', 'ANY /admin/{proxy+}', '!GET /health', 'OPTIONS /x', 'GET', 'x'],
  allowedPrincipals: ['arn:aws:iam::123456789012:role/admin', 'arn:aws:iam::123456789012:root', '*'],
  fetchedAt: ['2026-11-22T00:00:00.000Z', 'now', '2026-13-45T99:99:99.999Z'],
  scopeClaim: ['scope', 'scp', 'https://x.example/scope', '__proto__'],
  tokenTypes: ['JWT', 'at+jwt', 'application/at+jwt'],
};
const ANY_TEXT = [
  'a',
  'orders-api',
  'x y',
  'é',
  '\u0000',
  '__proto__',
  'constructor',
  'true',
  '7',
  '~',
  '*a',
  '&a',
  '- a',
  ': ',
  '#',
];

const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    [],
    {},
    [null],
    [[]],
    [{}],
    { a: null },
    'generate',
    'true',
  ],
  ...[
    'x'.repeat(31),
    SECRET,
    RSA_PEM,
    '[]',
    { length: 2, 0: 'a' },
    { toString: 'x' },
    { valueOf: 'x' },
    [1, 'a', [true]],
  ],
];

/** Something that the schema takes, mostly. */
export function fromSchema(schema: Schema, name: string, random: Random): unknown {
  const { $ref, anyOf, enum: values, const: only, type, properties, items, required, propertyNames } = schema;
  if (typeof $ref === 'string')
    return fromSchema(DEFINITIONS[$ref.split('/').at(-1) ?? ''] ?? {}, name, random);
  if (Array.isArray(anyOf)) return fromSchema(random.pick(anyOf) as Schema, name, random);
  if (Array.isArray(values)) return random.pick(values);
  if (only !== undefined) return only;
  if (type === 'boolean') return random.oneIn(2);
  if (type === 'integer' || type === 'number') return numberFrom(schema, random);
  if (type === 'string') return random.pick(TEXTS[name] ?? ANY_TEXT);
  if (type === 'array')
    return Array.from({ length: 1 + random.below(3) }, () =>
      fromSchema((items ?? {}) as Schema, name, random),
    );
  if (type !== 'object') return random.pick(ODD_VALUES);
  if (propertyNames !== undefined) {
    const names = Array.from({ length: 1 + random.below(3) }, () =>
      random.pick(['gold', 'silver', 'tenant', 'azp', 'client_id', 'a b', '7']),
    );
    const inner = schema['additionalProperties'] as Schema;
    return Object.fromEntries(names.map((one) => [one, fromSchema(inner, one, random)]));
  }
  const entries = Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>);
  const isWanted = (option: string) =>
    (Array.isArray(required) && required.includes(option)) || random.oneIn(4);
  return Object.fromEntries(
    entries
      .filter(([option]) => isWanted(option))
      .map(([option, inner]) => [option, fromSchema(inner, option, random)]),
  );
}

function numberFrom({ minimum = 0, maximum = 100 }: Schema, random: Random): number {
  const [least, most] = [Number(minimum), Number(maximum)];
  return random.pick([
    least,
    most,
    least + 1,
    Math.floor((least + most) / 2),
    most + 1,
    least - 1,
    least + 0.5,
  ]);
}

const REMOTE = { issuer: 'https://id.example.com/', audience: 'orders-api' };
/** Right with no other option, in the controlled modality and the other. */
const POLICIES: readonly Readonly<Record<string, unknown>>[] = [
  { secretOrPublicKey: SECRET },
  { secretOrPublicKey: RSA_PEM, algorithms: ['RS256', 'PS512'] },
  { secretOrPublicKey: P256_PEM },
  { secretOrPublicKeyBase64: Buffer.from(SECRET).toString('base64') },
  { secret: 'generate' },
  { secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:jwt-AbCdEf', algorithms: ['HS256'] },
  { parameterName: '/orders/jwt', algorithms: ['ES256'] },
  { jwksUri: 'https://id.example.com/jwks', ...REMOTE },
  { discovery: true, ...REMOTE },
];
/** Options that go with every policy. */
const HARMLESS: readonly (readonly [option: string, values: readonly unknown[]])[] = [
  ['requireExp', [true, false]],
  ['clockToleranceSeconds', [0, 30, 3600]],
  ['maxAgeSeconds', [0, 600]],
  ['requiredClaims', [['tenant'], { tenant: 'acme' }, { tenant: ['acme', 7, true], role: 'x' }]],
  ['tokenTypes', ['at+jwt', ['JWT', 'application/at+jwt']]],
  ['passThrough', [true, false]],
  ['audience', ['orders-api', ['a', 'b']]],
  ['scopeClaim', ['scope', ['realm', 'roles']]],
];

/** A configuration, and what was done to it. */
export function drawConfig(draw: Draw): unknown {
  const { random } = draw;
  const policy: Mutable = { ...random.pick(POLICIES), checkCredentialExistence: false };
  draw.harmlessly('controlled', 4, () => {
    delete policy['checkCredentialExistence'];
  });
  for (const [option, values] of HARMLESS)
    draw.harmlessly(option, 6, (own) => {
      policy[option] = own.pick(values);
    });
  const file: Mutable = { jwt: policy };
  draw.harmlessly('onDenial', 8, () => {
    file['onDenial'] = 'policy';
  });
  draw.maybe('options of the policy', 3, (own) => addOptions(policy, DEFINITIONS['policy'] ?? {}, own));
  draw.maybe('options of the file', 3, (own) => addOptions(file, SCHEMA, own));
  draw.maybe('several policies', 6, (own) => {
    const others = Array.from({ length: 1 + own.below(3) }, () => ({
      ...own.pick(POLICIES),
      checkCredentialExistence: own.oneIn(2),
    }));
    file['jwt'] = [policy, ...others];
  });
  draw.maybe('routes', 5, (own) => {
    file['routes'] = Array.from({ length: own.below(4) }, () =>
      fromSchema(DEFINITIONS['route'] ?? {}, 'route', own),
    );
  });
  let whole: unknown = file;
  for (let i = 0; i < 3; i++)
    draw.maybe('another value somewhere', 5, (own) => {
      whole = alteredSomewhere(whole, own);
    });
  draw.maybe('something huge', 300, (own) => {
    whole = hugeSomewhere(whole, own);
  });
  return whole;
}

function addOptions(into: Mutable, schema: Schema, random: Random): void {
  const options = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>).filter(
    ([name]) => name !== 'jwt',
  );
  for (let i = random.below(4); i >= 0; i--) {
    const [option, inner] = random.pick(options);
    into[option] = fromSchema(inner, option, random);
  }
}

/** A copy with something else at a place that is drawn. */
function alteredSomewhere(value: unknown, random: Random): unknown {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  if (isLeaf || random.oneIn(6)) {
    return random.pick<unknown>([
      random.pick(ODD_VALUES),
      [value],
      [value, value],
      { value },
      textOf(value),
      random.pick(ANY_TEXT),
    ]);
  }
  if (Array.isArray(value)) {
    const at = random.below(value.length);
    return random.oneIn(6)
      ? [...value, value[at]]
      : value.map((one, i) => (i === at ? alteredSomewhere(one, random) : one));
  }
  const entries = Object.entries(value);
  const at = random.below(entries.length);
  const [name = '', inner] = entries[at] ?? [];
  switch (random.below(8)) {
    case 0:
      return Object.fromEntries(entries.filter((_, i) => i !== at));
    case 1:
      return objectOf(entries.map(([key, one], i) => [i === at ? misspelled(key, random) : key, one]));
    case 2:
      return objectOf([
        ...entries,
        [random.pick(['__proto__', 'constructor', 'jwt', 'x', '', SECRET]), random.pick(ODD_VALUES)],
      ]);
    default:
      return objectOf(
        entries.map(([key, one]) => [key, key === name ? alteredSomewhere(inner, random) : one]),
      );
  }
}

/** Whatever was put into it before, which `String` may stumble over. */
const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** `__proto__` included, as YAML and JSON make it. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [name, value] of entries)
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  return made;
}

function misspelled(name: string, random: Random): string {
  const at = random.below(name.length + 1);
  return random.pick([
    `${name}s`,
    name.toLowerCase(),
    `${name.slice(0, at)}${name.slice(at + 1)}`,
    `${name} `,
    `${name.slice(0, at)}x${name.slice(at)}`,
  ]);
}

function hugeSomewhere(whole: unknown, random: Random): unknown {
  const many = random.pick([200, 2_000, 20_000]);
  const text = () => random.pick(['x', '-', 'BEGIN ', '/a', '\\', ' ', 'a.', '{', '0']).repeat(many);
  const names = () => objectOf(Array.from({ length: many / 10 }, (_, i) => [`name${i}`, i]));
  const file: Mutable =
    typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? { ...whole } : {};
  const jwt = typeof file['jwt'] === 'object' && file['jwt'] !== null ? { ...file['jwt'] } : {};
  switch (random.below(8)) {
    case 0:
      return {
        ...file,
        jwt: {
          ...jwt,
          [random.pick(['secretOrPublicKey', 'issuer', 'jwksUri', 'jwtExtractorField'])]: text(),
        },
      };
    case 1:
      return { ...file, [text()]: 1 };
    case 2:
      return { ...file, ...names() };
    case 3:
      return { ...file, jwt: { ...jwt, requiredClaims: random.oneIn(2) ? Object.keys(names()) : names() } };
    case 4:
      return {
        ...file,
        routes: Array.from({ length: many / 10 }, (_, i) => ({ paths: `/r${i}/{id}`, scopes: [`s${i}`] })),
      };
    case 5:
      return {
        ...file,
        authorizerCacheSeconds: 300,
        routes: [{ paths: [text(), `/${'a/'.repeat(many)}b`], scopes: ['x'] }],
      };
    case 6:
      return { ...file, routes: Array.from({ length: many / 10 }, () => random.pick(ODD_VALUES)) };
    default:
      return { ...file, jwt: Array.from({ length: many / 100 }, () => jwt) };
  }
}
