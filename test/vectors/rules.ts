/** What the vectors of rfc8725.json are made of: keys by their names, tokens by their recipes. */
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AUDIENCE, CLAIMS, ISSUER, KID, OTHER_RSA, P256, RSA, rsaPair, SECRET } from '../attack/doors.ts';
import { spkiPem } from '../config/keys.ts';
import { base64url, signatureOf } from '../support/tokens.ts';

/** A sentence of the RFC that asks or advises something. */
export interface Rule {
  readonly section: string;
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'RECOMMENDED' | 'advice';
  /** In our words. */
  readonly rule: string;
  /** How far it is kept. */
  readonly note?: string;
  readonly vectors?: readonly Vector[];
  /** Why it says nothing to a verifier of signed tokens. */
  readonly doesNotApply?: string;
}

export interface Vector {
  readonly id: string;
  readonly config?: PolicyRecipe;
  readonly policies?: readonly PolicyRecipe[];
  /** What the table has, by keyId: all of one active user. */
  readonly credentials?: Readonly<Record<string, object>>;
  /** @default an honest one; where a problem of the configuration is expected, none */
  readonly token?: TokenRecipe;
  /** `allowed`, a denial's code, or a problem's of the configuration. */
  readonly expected: string;
}

/** Options of a policy; null leaves one out that there would be. */
export type PolicyRecipe = Readonly<Record<string, unknown>> & { readonly key?: string };

export interface TokenRecipe {
  /** Who signs. @default the policy's key */
  readonly key?: string;
  /** By which algorithm it signs, and what the header says unless that is given. @default the key's */
  readonly algorithm?: string;
  /** Members beside the usual ones; null leaves one out. `TRAP` is an address that tells if anybody asks it. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Claims that are left out. */
  readonly without?: readonly string[];
  readonly headerIn?: BufferEncoding;
  readonly payloadIn?: BufferEncoding;
  /** What is done to it in the end. */
  readonly as?: keyof typeof ENDINGS;
}

interface NamedKey {
  /** The option that gives it to a policy. */
  readonly option: Readonly<Record<string, unknown>>;
  /** What signs honest tokens, and how. */
  readonly signer?: KeyObject;
  readonly algorithm?: string;
  /** What `jwksUri` answers with. */
  readonly keySet?: unknown;
}

const jwkOf = (key: KeyObject) => ({ ...key.export({ format: 'jwk' }), kid: KID });
const bytes = (value: string | Uint8Array) => ({
  secretOrPublicKeyBase64: Buffer.from(value).toString('base64'),
});
const secret = (value: string | Uint8Array): NamedKey => ({
  ...{ option: bytes(value), signer: createSecretKey(Buffer.from(value)), algorithm: 'HS256' },
});
const pair = ({ publicKey, privateKey }: typeof RSA, algorithm: string): NamedKey => ({
  ...{ option: { secretOrPublicKey: spkiPem(publicKey) }, signer: privateKey, algorithm },
});
const set = (signer: KeyObject, algorithm: string, ...keys: object[]): NamedKey => ({
  ...{ option: { jwksUri: `${ISSUER}jwks` }, signer, algorithm, keySet: { keys } },
});

const rsaPem = spkiPem(RSA.publicKey);
const point = jwkOf(P256.publicKey);
const SECRET_BYTES = SECRET.publicKey.export();

const KEYS: Readonly<Record<string, NamedKey>> = {
  secret: secret(SECRET_BYTES),
  'secret of 32 bytes': secret(SECRET_BYTES.subarray(0, 32)),
  'secret of 31 bytes': secret(SECRET_BYTES.subarray(0, 31)),
  'an empty secret': { ...secret(''), option: { secretOrPublicKey: '' } },
  'a password': secret('hunter2'),
  'four words': secret('correct horse battery staple'),
  "rsa's PEM as a secret": secret(rsaPem),
  rsa: pair(RSA, 'RS256'),
  'other rsa': pair(OTHER_RSA, 'RS256'),
  "a stranger's rsa": pair(rsaPair(), 'RS256'),
  'rsa of 1,024 bits': pair(generateKeyPairSync('rsa', { modulusLength: 1024 }), 'RS256'),
  'rsa, cut off': { option: { secretOrPublicKey: `${rsaPem.slice(0, 200)}\n-----END PUBLIC KEY-----\n` } },
  p256: pair(P256, 'ES256'),
  'a set that names RS256': set(RSA.privateKey, 'RS256', { ...jwkOf(RSA.publicKey), alg: 'RS256' }),
  'a set of P-256': set(P256.privateKey, 'ES256', point),
  'a set with a point beside its curve': set(P256.privateKey, 'ES256', { ...point, x: point.y, y: point.x }),
  'a set with the exponent 1': set(RSA.privateKey, 'RS256', { ...jwkOf(RSA.publicKey), e: 'AQ' }),
};

function keyOf(name: string): NamedKey {
  const key = KEYS[name];
  if (key === undefined) throw new Error(`no key of the name ${name}`);
  return key;
}

const withoutNull = (members: object) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

const recipesOf = ({ config, policies }: Vector) => policies ?? (config === undefined ? [] : [config]);

/** The configuration of a vector, as the YAML file has it. */
export function fileOf(vector: Vector): { jwt: unknown } {
  const policies = recipesOf(vector).map(({ key, ...options }) =>
    withoutNull({
      ...{ issuer: ISSUER, audience: AUDIENCE, checkCredentialExistence: false },
      ...(key !== undefined && keyOf(key).option),
      ...options,
    }),
  );
  return { jwt: policies.length === 1 ? policies[0] : policies };
}

/** What a vector's `jwksUri` answers with. */
export const keySetOf = (vector: Vector): unknown =>
  recipesOf(vector).flatMap(({ key }) => (key === undefined ? [] : (keyOf(key).keySet ?? [])))[0];

/** The token of a vector. @param trap an address that tells if anybody asks it. */
export function tokenOf(vector: Vector, trap: string): string {
  const [first] = recipesOf(vector);
  const recipe = vector.token ?? {};
  const { signer, algorithm: own } = keyOf(recipe.key ?? first?.key ?? '');
  const algorithm = recipe.algorithm ?? own;
  if (signer === undefined || algorithm === undefined) throw new Error(`nobody can sign for ${vector.id}`);
  const sprung = Object.entries(recipe.header ?? {}).map(([name, value]) => [
    ...[name, value === 'TRAP' ? `${trap}/jwks.json` : value],
  ]);
  const header = withoutNull({ alg: algorithm, typ: 'JWT', kid: KID, ...Object.fromEntries(sprung) });
  const { without = [], headerIn = 'utf8', payloadIn = 'utf8' } = recipe;
  const claims = Object.entries({ ...CLAIMS, ...recipe.claims }).filter(([name]) => !without.includes(name));
  const sign = (input: string) => signatureOf(input, algorithm, signer);
  const parts = {
    header: base64url(Buffer.from(JSON.stringify(header), headerIn)),
    payload: base64url(Buffer.from(JSON.stringify(Object.fromEntries(claims)), payloadIn)),
  };
  return ENDINGS[recipe.as ?? 'signed'](parts, { sign, signer });
}

interface Parts {
  readonly header: string;
  readonly payload: string;
}
interface Signing {
  readonly sign: (input: string) => Buffer;
  readonly signer: KeyObject;
}
type Ending = (parts: Parts, signing: Signing) => string;

const inputOf = ({ header, payload }: Parts) => `${header}.${payload}`;
const signed: Ending = (parts, { sign }) => `${inputOf(parts)}.${base64url(sign(inputOf(parts)))}`;

const ENDINGS = {
  signed,
  unsigned: (parts) => `${inputOf(parts)}.`,
  disturbed: (parts, { sign }) => {
    const signature = sign(inputOf(parts)).map((byte, i) => (i === 9 ? byte ^ 1 : byte));
    return `${inputOf(parts)}.${base64url(signature)}`;
  },
  moved: (parts, { sign }) =>
    `${inputOf(parts)}.${base64url(sign(inputOf({ ...parts, payload: base64url('{"sub":"eve"}') })))}`,
  zero: (parts, { sign }) => `${inputOf(parts)}.${base64url(Buffer.alloc(sign(inputOf(parts)).length))}`,
  /** ASN.1, as X.509 has signatures of ECDSA. */
  der: (parts, { sign }) => {
    const raw = sign(inputOf(parts));
    const integer = (half: Buffer) => {
      const value = (half[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), half]) : half;
      return Buffer.concat([Buffer.of(2, value.length), value]);
    };
    const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
    return `${inputOf(parts)}.${base64url(Buffer.concat([Buffer.of(0x30, body.length), body]))}`;
  },
  nested: (parts, signing) => signed({ ...parts, payload: base64url(signed(parts, signing)) }, signing),
  encrypted: (parts, signing) =>
    [
      ...[base64url('{"alg":"RSA-OAEP","enc":"A128GCM","cty":"JWT"}'), base64url('the key')],
      ...[base64url('iv-of-12-byt'), base64url(signed(parts, signing)), base64url('tag-of-16-bytes!')],
    ].join('.'),
} satisfies Record<string, Ending>;
