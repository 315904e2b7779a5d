/** What the authorizer depends on, each in one configuration, with how it alone can be wrong. */
import type { KeyObject } from 'node:crypto';
import { expectValue, startTable } from '../e2e/table.ts';
import { standIn } from '../keys/aws.ts';
import { serve, signer } from '../keys/support.ts';
import { type Answer, DOOR_HEADER } from '../support/fault-proxy.ts';
import { OTHER_SECRET, SECRET, SECRET_TEXT, tokenOf } from '../support/tokens.ts';
import {
  answering,
  awsError,
  changed,
  type FaultCase,
  NETWORK_FAULTS,
  skewed,
  TLS_FAULTS,
  WRONG_ANSWERS,
} from './faults.ts';
import type { Verdict } from './function-process.ts';

export interface Tokens {
  readonly valid: string;
  /** Signed by a key that is nobody's. */
  readonly forged: string;
  readonly expired: string;
}

export interface Opened {
  /** Where it is, without the door in front of it. */
  readonly origin: string;
  /** @param endpoint where the function is to find it: the door. */
  settings(endpoint: string): {
    readonly config: object;
    readonly environment: Readonly<Record<string, string>>;
    readonly tokens: Tokens;
  };
  /** What must never be written anywhere. */
  readonly secrets: readonly string[];
}

export interface Dependency {
  readonly name: string;
  readonly open: () => Promise<Opened>;
  readonly faults: readonly FaultCase[];
  /** `keys`: what was fetched is kept, and serves through an outage for a day. */
  readonly kind: 'table' | 'keys';
  /** Whether it is asked over TLS, as on AWS. @default false */
  readonly isTls?: true;
  /** What tokens that are bad can be told while it is away. */
  readonly during: { readonly forged: readonly Verdict[]; readonly expired: readonly Verdict[] };
}

const LIVE = { exp: 4_000_000_000 };
const EITHER: readonly Verdict[] = ['unauthorized', 'unavailable'];

const tokensOf = (claims: object, keys: Record<'good' | 'bad', KeyObject>, more: object = {}): Tokens => {
  const sign = (key: KeyObject, exp = LIVE.exp) => tokenOf({ ...claims, exp }, { ...more, key });
  return { valid: sign(keys.good), forged: sign(keys.bad), expired: sign(keys.good, 1) };
};
const hmacTokens = (claims: object) => tokensOf(claims, { good: SECRET, bad: OTHER_SECRET });

const UNCONTROLLED = { checkCredentialExistence: false };

// --- DynamoDB

async function openTable(jwt: object): Promise<Opened> {
  const { endpoint, tableName, store } = await startTable();
  const made = expectValue(await store.createUser({ username: 'ann' }));
  expectValue(await store.createUser({ username: 'bob' }));
  for (const [consumerId, keyId] of [
    [made.id, 'ann-1'],
    ['bob', 'bob-1'],
  ] as const)
    expectValue(await store.createCredential({ consumerId, keyId, keySecret: SECRET_TEXT }));
  return {
    origin: endpoint,
    secrets: [SECRET_TEXT],
    settings: (at) => ({
      tokens: hmacTokens({ sub: 'ann-1' }),
      config: { jwt, credentialCacheSeconds: 0 },
      environment: { CREDENTIALS_TABLE: tableName, AWS_ENDPOINT_URL_DYNAMODB: at },
    }),
  };
}

const ANOTHER_ITEM = {
  pk: { S: 'cred#bob-1' },
  sk: { S: 'record' },
  keyId: { S: 'bob-1' },
  type: { S: 'jwt' },
  consumerId: { S: 'bob' },
  consumerType: { S: 'user' },
  isActive: { BOOL: true },
  createdAt: { S: '' },
  updatedAt: { S: '' },
  attempt: { S: 'a' },
};
const CAPACITY = { TableName: 'end-to-end', CapacityUnits: 1 };
const batch = (name: string, Responses: object) =>
  answering(name, { Responses, Item: ANOTHER_ITEM, ConsumedCapacity: CAPACITY });

/** An answer to `GetItem` or `BatchGetItem` whose items were changed. */
const withItems = (name: string, change: (item: Record<string, unknown>) => object): FaultCase =>
  changed(name, ({ status, headers, body }: Answer) => {
    const answer: { Item?: object; Responses?: Record<string, object[]> } = JSON.parse(body.toString());
    if (answer.Item) answer.Item = change({ ...answer.Item });
    for (const [table, items] of Object.entries(answer.Responses ?? {}))
      if (answer.Responses) answer.Responses[table] = items.map((item) => change({ ...item }));
    return { status, headers, body: Buffer.from(JSON.stringify(answer)) };
  });

const TABLE_FAULTS: readonly FaultCase[] = [
  ...WRONG_ANSWERS,
  awsError('ProvisionedThroughputExceededException'),
  awsError('ThrottlingException'),
  awsError('RequestLimitExceeded'),
  awsError('InternalServerError', 500),
  awsError('ResourceNotFoundException'),
  awsError('AccessDeniedException'),
  awsError('UnrecognizedClientException'),
  awsError('ExpiredTokenException'),
  awsError('ValidationException'),
  batch('another item than was asked for', { 'end-to-end': [ANOTHER_ITEM] }),
  batch('items of another table', { other: [ANOTHER_ITEM] }),
  answering('keys that stay unprocessed', {
    Responses: { 'end-to-end': [] },
    UnprocessedKeys: { 'end-to-end': { Keys: [{ pk: { S: 'cred#ann-1' }, sk: { S: 'record' } }] } },
  }),
  skewed('InvalidSignatureException'),
];
const RECORD_FAULTS: readonly FaultCase[] = [
  withItems('items of other types', (item) => ({ ...item, isActive: { S: 'false' } })),
  withItems('items without their attributes', ({ pk, sk }) => ({ pk, sk })),
];

const HMAC = { secretOrPublicKey: SECRET_TEXT, algorithms: ['HS256'] };

// --- Secrets Manager and Parameter Store

const ARN = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:orders-AbCdEf';
const NAME = '/orders/jwt-key';

/** @param variable names the service's endpoint. */
async function openStore(
  variable: string,
  jwt: object,
  answer: (request: Record<string, unknown>) => object,
): Promise<Opened> {
  await standIn(variable, answer);
  return {
    origin: process.env[variable] ?? '',
    secrets: [SECRET_TEXT],
    settings: (at) => ({
      tokens: hmacTokens({ sub: 'ada' }),
      config: { jwt: { ...jwt, algorithms: ['HS256'], ...UNCONTROLLED } },
      environment: { [variable]: at },
    }),
  };
}

const STORE_FAULTS: readonly FaultCase[] = [
  ...NETWORK_FAULTS,
  ...WRONG_ANSWERS,
  awsError('ThrottlingException'),
  awsError('ThrottlingException', 429),
  awsError('InternalServiceError', 500),
  awsError('ResourceNotFoundException'),
  awsError('AccessDeniedException'),
  awsError('ExpiredTokenException'),
  awsError('DecryptionFailure'),
];
const OTHER_TEXT = 'other-secret-'.repeat(6);
const SECOND_MS = 1_000;
const TWO_DAYS_AGO = () => Date.now() / SECOND_MS - 172_800;

// --- Key sets

const [signing, foreign] = [signer('RSA', { kid: 'k1', use: 'sig', alg: 'RS256' }), signer('RSA')];
const KEY_SET = { keys: [signing.jwk] };

async function openIssuer(policyAt: (at: string) => { issuer: string }): Promise<Opened> {
  const { origin } = await serve((request, response) => {
    const issuer = request.headers[DOOR_HEADER];
    const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/jwks' ? KEY_SET : metadata));
  });
  const keys = { good: signing.key, bad: foreign.key };
  return {
    origin,
    secrets: [],
    settings(at) {
      const jwt = { ...policyAt(at), audience: 'orders', ...UNCONTROLLED };
      const claims = { sub: 'ada', aud: 'orders', iss: jwt.issuer };
      return {
        config: { jwt },
        environment: {},
        tokens: tokensOf(claims, keys, { algorithm: 'RS256', header: { kid: 'k1' } }),
      };
    },
  };
}

const ISSUER_FAULTS: readonly FaultCase[] = [
  ...WRONG_ANSWERS,
  answering('a redirect', '', 302),
  answering('a set that is none', { keys: { k1: signing.jwk } }),
  answering('too many keys', { keys: Array.from({ length: 101 }, () => signing.jwk) }),
  answering('more than a key set has', { keys: [], padding: 'x'.repeat(300 * 1024) }),
  answering('what is for somebody else', {
    issuer: 'https://other.example',
    jwks_uri: 'https://other.example/jwks',
  }),
  {
    ...changed('clocks that are an hour apart', (answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(Date.now() + 3_600_000).toUTCString() },
    })),
    expects: 'served',
  },
];

const PLAIN: readonly Dependency[] = [
  {
    name: 'DynamoDB, for credentials',
    kind: 'table',
    open: () => openTable(HMAC),
    faults: [...NETWORK_FAULTS, ...TABLE_FAULTS, ...RECORD_FAULTS],
    during: { forged: ['unauthorized'], expired: ['unauthorized'] },
  },
  {
    name: 'DynamoDB, for the keys of credentials',
    kind: 'table',
    open: () => openTable({ credentialKey: true, algorithms: ['HS256'] }),
    faults: [...NETWORK_FAULTS, ...TABLE_FAULTS, ...RECORD_FAULTS],
    during: { forged: ['unavailable'], expired: ['unauthorized'] },
  },
  {
    name: 'DynamoDB, for revocations',
    kind: 'table',
    open: () => openTable({ ...HMAC, ...UNCONTROLLED, tokenRevocation: true }),
    faults: TABLE_FAULTS,
    during: { forged: ['unauthorized'], expired: ['unauthorized'] },
  },
  {
    name: 'Secrets Manager',
    kind: 'keys',
    open: () =>
      openStore('AWS_ENDPOINT_URL_SECRETS_MANAGER', { secretArn: ARN }, ({ VersionStage }) => ({
        ARN,
        SecretString: VersionStage === 'AWSCURRENT' ? SECRET_TEXT : OTHER_TEXT.toUpperCase(),
        CreatedDate: TWO_DAYS_AGO(),
      })),
    faults: [
      ...STORE_FAULTS,
      answering('another secret', {
        ARN: ARN.replace('orders', 'others'),
        SecretString: OTHER_TEXT,
        CreatedDate: TWO_DAYS_AGO(),
      }),
      answering('an empty secret', { ARN, SecretString: '', CreatedDate: TWO_DAYS_AGO() }),
      answering('a secret that is too short', { ARN, SecretString: 'short', CreatedDate: TWO_DAYS_AGO() }),
      skewed('InvalidSignatureException'),
    ],
    during: { forged: EITHER, expired: EITHER },
  },
  {
    name: 'Parameter Store',
    kind: 'keys',
    open: () =>
      openStore('AWS_ENDPOINT_URL_SSM', { parameterName: NAME }, () => ({
        Parameter: { Name: NAME, Value: SECRET_TEXT, Version: 1, LastModifiedDate: TWO_DAYS_AGO() },
      })),
    faults: [
      ...STORE_FAULTS,
      answering('another parameter', { Parameter: { Name: '/other', Value: OTHER_TEXT, Version: 1 } }),
      answering('an empty parameter', { Parameter: { Name: NAME, Value: '', Version: 1 } }),
      skewed('InvalidSignatureException'),
    ],
    during: { forged: EITHER, expired: EITHER },
  },
  {
    name: 'a key set',
    kind: 'keys',
    open: () => openIssuer((at) => ({ jwksUri: `${at}/jwks`, issuer: 'https://id.example' })),
    faults: [...NETWORK_FAULTS, ...ISSUER_FAULTS],
    during: { forged: EITHER, expired: EITHER },
  },
  {
    name: 'a key set by discovery',
    kind: 'keys',
    open: () => openIssuer((at) => ({ discovery: true, issuer: at })),
    faults: ISSUER_FAULTS,
    during: { forged: EITHER, expired: EITHER },
  },
];

const OVER_TLS = ['DynamoDB, for credentials', 'Secrets Manager', 'Parameter Store', 'a key set'];

export const DEPENDENCIES: readonly Dependency[] = [
  ...PLAIN,
  ...PLAIN.filter(({ name }) => OVER_TLS.includes(name)).map(
    (one): Dependency => ({ ...one, name: `${one.name}, over TLS`, faults: TLS_FAULTS, isTls: true }),
  ),
];
