/** The policies that are attacked, as people write them: algorithms pinned, an issuer and an audience. */
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { certificatePem, spkiPem } from '../config/keys.ts';
import { NOW_SECONDS, tokenOf } from '../support/tokens.ts';

export const ISSUER = 'https://id.example.com/';
export const AUDIENCE = 'orders-api';
/** The name of each door's key. aws-jwt-verify takes no token without one. */
export const KID = 'one';

/** 64 bytes of ASCII, which every library takes as text: long enough for HS512. */
const SECRET_TEXT = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQaE6oIi0UyTrZxCvNwMbKlSdFpGhJ_AeVi';
const secret = createSecretKey(Buffer.from(SECRET_TEXT));

export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}
export const rsaPair = (): Pair => generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ecPair = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve });

export const SECRET: Pair = { privateKey: secret, publicKey: secret };
export const RSA = rsaPair();
/** The second of the key set. */
export const OTHER_RSA = rsaPair();
export const P256 = ecPair('P-256');
export const P521 = ecPair('P-521');

export interface Door {
  /** The algorithm of honest tokens. */
  readonly algorithm: string;
  /** Undefined where nobody has the private key (the certificates'). */
  readonly pair: Pair | undefined;
  /** The key as people write it; undefined for the key set. */
  readonly text: string | undefined;
  /** Whether the policy says which algorithms; otherwise those are the default of its key. */
  readonly isPinned: boolean;
  /** What else the policy wants. @default nothing */
  readonly wants?: Wants;
}

/** Options of a policy that not every library has. */
export interface Wants {
  /** The one `typ` that is allowed. */
  readonly tokenTypes?: string;
  readonly maxAgeSeconds?: number;
  readonly clockToleranceSeconds?: number;
}

/** RFC 9068 §2.1. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
export const MAX_AGE_SECONDS = 300;
export const TOLERANCE_SECONDS = 30;

const pem = (algorithm: string, pair: Pair, isPinned = true): Door => ({
  ...{ algorithm, pair, isPinned, text: spkiPem(pair.publicKey) },
});

export const DOORS = {
  HS256: { algorithm: 'HS256', pair: SECRET, text: SECRET_TEXT, isPinned: true },
  'HS* by default': { algorithm: 'HS256', pair: SECRET, text: SECRET_TEXT, isPinned: false },
  RS256: pem('RS256', RSA),
  'RSA by default': pem('RS256', RSA, false),
  PS256: pem('PS256', RSA),
  ES256: pem('ES256', P256),
  'P-256 by default': pem('ES256', P256, false),
  ES512: pem('ES512', P521),
  'RSA certificate': {
    ...{ algorithm: 'RS256', pair: undefined, text: certificatePem('rsa'), isPinned: true },
  },
  'EC certificate': {
    ...{ algorithm: 'ES256', pair: undefined, text: certificatePem('ec'), isPinned: true },
  },
  /** Of two RSA keys, `one` and `two`. */
  'key set': { algorithm: 'RS256', pair: RSA, text: undefined, isPinned: true },
  'access tokens': { ...pem('RS256', RSA), wants: { tokenTypes: ACCESS_TOKEN_TYPE } },
  'a maximum age': { ...pem('RS256', RSA), wants: { maxAgeSeconds: MAX_AGE_SECONDS } },
  'a clock tolerance': { ...pem('RS256', RSA), wants: { clockToleranceSeconds: TOLERANCE_SECONDS } },
  'a maximum age and a clock tolerance': {
    ...pem('RS256', RSA),
    wants: { maxAgeSeconds: MAX_AGE_SECONDS, clockToleranceSeconds: TOLERANCE_SECONDS },
  },
} as const satisfies Record<string, Door>;

export type DoorName = keyof typeof DOORS;
export const doorOf = (name: DoorName): Door => DOORS[name];

export const KEY_SET = {
  keys: [
    { ...RSA.publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: 'RS256' },
    { ...OTHER_RSA.publicKey.export({ format: 'jwk' }), kid: 'two', use: 'sig', alg: 'RS256' },
  ],
};

/** The door's configuration, as the YAML file has it. */
export function fileOf(name: DoorName): { jwt: Record<string, unknown> } {
  const { algorithm, text, isPinned, wants } = doorOf(name);
  const key = text === undefined ? { jwksUri: `${ISSUER}jwks` } : { secretOrPublicKey: text };
  return {
    jwt: {
      ...key,
      ...(isPinned && { algorithms: [algorithm] }),
      ...{ issuer: ISSUER, audience: AUDIENCE, checkCredentialExistence: false },
      ...wants,
    },
  };
}

/** What every token says unless its attack is about it. */
export const CLAIMS = {
  ...{ iss: ISSUER, aud: AUDIENCE, sub: 'ada', iat: NOW_SECONDS - 10, exp: NOW_SECONDS + 3600 },
};
/** What every header says unless its attack is about it. */
export function headerOf(name: DoorName) {
  const { algorithm, wants } = doorOf(name);
  return { alg: algorithm, typ: wants?.tokenTypes ?? 'JWT', kid: KID };
}

/** What the issuer signs. @returns undefined where nobody can. */
export function honestToken(name: DoorName): string | undefined {
  const { algorithm, pair } = doorOf(name);
  return pair && tokenOf(CLAIMS, { algorithm, key: pair.privateKey, header: headerOf(name) });
}
