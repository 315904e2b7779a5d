/** The configurations that are fuzzed, as their files have them, and who signs for them. */
import {
  ES256,
  ES512,
  HS256,
  HS384,
  HS512,
  KEY_SET,
  P256_PEM,
  P521_PEM,
  PS384,
  RS256,
  RSA_PEM,
  SECOND_HS256,
  SECRET_TEXTS,
  type Signer,
} from './keys.ts';

/** The moment of all decisions, in process and in the bundle. Seconds since 1970. */
export const NOW_SECONDS = 1_800_000_000;

/** A policy as its file has it; what the reference reads of it is here too, so that it asks no parser. */
export interface PolicyFile {
  readonly secretOrPublicKey?: string;
  readonly jwksUri?: string;
  readonly algorithms?: readonly string[];
  readonly jwtExtractor?: 'authScheme' | 'header' | 'query' | 'cookie';
  readonly jwtExtractorField?: string;
  readonly audience?: string | readonly string[];
  readonly issuer?: string | readonly string[];
  readonly checkCredentialExistence?: boolean;
  readonly passThrough?: boolean;
  readonly requireExp?: boolean;
  readonly maxAgeSeconds?: number;
  readonly clockToleranceSeconds?: number;
  readonly requiredClaims?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly tokenTypes?: readonly string[];
  readonly scopeClaim?: string;
}

export interface RouteFile {
  readonly paths: readonly string[];
  readonly methods?: readonly string[];
  readonly scopes: readonly string[];
}

export interface WorldFile {
  readonly jwt: PolicyFile | readonly PolicyFile[];
  readonly routes?: readonly RouteFile[];
  readonly upstream?: string;
  readonly expiryCondition?: boolean;
  readonly onDenial?: 'policy';
}

/** Who may sign for which policy, by which algorithms; the reference's own list. */
export interface Verifier {
  readonly algorithms: readonly string[];
  readonly signers: readonly Signer[];
}

export interface StoredCredential {
  readonly scopes: readonly string[];
  readonly counts: boolean;
}

export interface World {
  readonly name: string;
  readonly file: WorldFile;
  /** One for each policy. */
  readonly verifiers: readonly Verifier[];
  /** Claims that each policy accepts, beside `exp`. */
  readonly claims: readonly Readonly<Record<string, unknown>>[];
  /** In the controlled modality, by `sub`. */
  readonly credentials?: Readonly<Record<string, StoredCredential>>;
  /** Of so many cases in a hundred, roughly. */
  readonly weight: number;
  /** What needs a network or a table stays in process. */
  readonly isForBundle: boolean;
}

export const ISSUER = 'https://id.example.com/';
export const SECOND_ISSUER = 'https://id.example.org';
const AUDIENCE = 'orders-api';
const [FIRST_TEXT = '', SECOND_TEXT = ''] = SECRET_TEXTS;

const uncontrolled = { checkCredentialExistence: false } as const;
const usual = { iss: ISSUER, aud: AUDIENCE, sub: 'ada' };
const first = { secretOrPublicKey: FIRST_TEXT, algorithms: ['HS256'], ...uncontrolled };
const hs256: Verifier = { algorithms: ['HS256'], signers: [HS256] };

const single = (
  name: string,
  jwt: PolicyFile,
  {
    verifier = hs256,
    claims = usual,
    ...more
  }: {
    verifier?: Verifier;
    claims?: Readonly<Record<string, unknown>>;
    weight: number;
    rest?: Omit<WorldFile, 'jwt'>;
    credentials?: World['credentials'];
    isForBundle?: boolean;
  },
): World => ({
  ...{ name, file: { jwt, ...more.rest }, verifiers: [verifier], claims: [claims], weight: more.weight },
  ...{ isForBundle: more.isForBundle ?? true },
  ...(more.credentials !== undefined && { credentials: more.credentials }),
});

export const ROUTES: readonly RouteFile[] = [
  { paths: ['/orders/{id}'], methods: ['GET'], scopes: ['orders:read'] },
  { paths: ['/orders', '/orders/{id}'], methods: ['POST', 'DELETE'], scopes: ['orders:write'] },
  { paths: ['/admin/{proxy+}'], scopes: ['admin', 'orders:read'] },
];

export const WORLDS: readonly World[] = [
  single('secret', { ...first, issuer: ISSUER, audience: [AUDIENCE, 'other-api'] }, { weight: 24 }),
  single(
    'any of a secret',
    { secretOrPublicKey: FIRST_TEXT, requireExp: false, clockToleranceSeconds: 30, ...uncontrolled },
    {
      verifier: { algorithms: ['HS256', 'HS384', 'HS512'], signers: [HS256, HS384, HS512] },
      weight: 8,
    },
  ),
  single(
    'scoped routes',
    { ...first, scopeClaim: 'scope' },
    {
      claims: { ...usual, scope: 'orders:read orders:write admin' },
      rest: { routes: ROUTES, expiryCondition: true, upstream: 'https://orders.example.com/base' },
      weight: 18,
    },
  ),
  single(
    'demanding',
    {
      ...{ ...first, issuer: [ISSUER, SECOND_ISSUER], maxAgeSeconds: 600 },
      requiredClaims: { tenant: ['acme', 7, true] },
      tokenTypes: ['at+jwt', 'JWT'],
    },
    { claims: { ...usual, tenant: 'acme' }, rest: { onDenial: 'policy' }, weight: 8 },
  ),
  single('scheme', { ...first, jwtExtractor: 'authScheme', jwtExtractorField: 'Token' }, { weight: 4 }),
  single('header', { ...first, jwtExtractor: 'header', jwtExtractorField: 'X-Token' }, { weight: 4 }),
  single('query', { ...first, jwtExtractor: 'query', jwtExtractorField: 'token' }, { weight: 4 }),
  single('cookie', { ...first, jwtExtractor: 'cookie', jwtExtractorField: 'session' }, { weight: 4 }),
  single(
    'P-256',
    { secretOrPublicKey: P256_PEM, algorithms: ['ES256'], issuer: ISSUER, ...uncontrolled },
    { verifier: { algorithms: ['ES256'], signers: [ES256] }, weight: 3 },
  ),
  single(
    'P-521',
    { secretOrPublicKey: P521_PEM, ...uncontrolled },
    { verifier: { algorithms: ['ES512'], signers: [ES512] }, weight: 0.1 },
  ),
  single(
    'RSA',
    { secretOrPublicKey: RSA_PEM, issuer: ISSUER, audience: AUDIENCE, ...uncontrolled },
    {
      verifier: {
        algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
        signers: [RS256, PS384],
      },
      weight: 4,
    },
  ),
  single(
    'key set',
    {
      ...{ jwksUri: 'https://id.example.com/jwks', algorithms: ['RS256', 'ES256'] },
      ...{ issuer: ISSUER, audience: AUDIENCE, ...uncontrolled },
    },
    { verifier: { algorithms: ['RS256', 'ES256'], signers: [RS256, ES256] }, weight: 4, isForBundle: false },
  ),
  single(
    'controlled',
    { secretOrPublicKey: FIRST_TEXT, algorithms: ['HS256'], checkCredentialExistence: true },
    {
      rest: { routes: ROUTES },
      credentials: {
        ada: { scopes: ['orders:read', 'orders:write', 'admin'], counts: true },
        bob: { scopes: ['orders:read'], counts: true },
        eve: { scopes: ['orders:read', 'admin'], counts: false },
      },
      weight: 6,
      isForBundle: false,
    },
  ),
  {
    name: 'two issuers',
    file: {
      jwt: [
        { ...first, issuer: ISSUER, passThrough: true },
        { secretOrPublicKey: P256_PEM, algorithms: ['ES256'], issuer: SECOND_ISSUER, ...uncontrolled },
      ],
    },
    verifiers: [hs256, { algorithms: ['ES256'], signers: [ES256] }],
    claims: [usual, { ...usual, iss: SECOND_ISSUER }],
    weight: 4,
    isForBundle: true,
  },
  {
    name: 'a chain that ends anonymous',
    file: {
      jwt: [
        { ...first, audience: AUDIENCE, passThrough: true },
        {
          ...{ secretOrPublicKey: SECOND_TEXT, algorithms: ['HS256'], ...uncontrolled, passThrough: true },
          ...{ jwtExtractor: 'cookie', jwtExtractorField: 'session' },
        },
      ],
    },
    verifiers: [hs256, { algorithms: ['HS256'], signers: [SECOND_HS256] }],
    claims: [usual, usual],
    weight: 5,
    isForBundle: true,
  },
];

export { KEY_SET };
export const policiesOf = ({ file: { jwt } }: World): readonly PolicyFile[] =>
  Array.isArray(jwt) ? jwt : [jwt as PolicyFile];
