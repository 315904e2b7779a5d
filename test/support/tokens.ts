/** Tokens made with node:crypto alone, so that nothing that is under test helps to make them. */
import { constants, createHmac, createSecretKey, type KeyObject, sign } from 'node:crypto';

/** The moment at which tests take place; far from `Date.now()`, so that a forgotten clock shows. */
export const NOW_SECONDS = 1_800_000_000;

/** 72 bytes: long enough for HS512. */
export const SECRET_TEXT = 'test-secret-'.repeat(6);
export const SECRET = secretKey(SECRET_TEXT);
export const OTHER_SECRET = secretKey('other-secret-'.repeat(6));

export function secretKey(text: string): KeyObject {
  return createSecretKey(Buffer.from(text));
}

export function base64url(value: string | Uint8Array): string {
  return Buffer.from(value).toString('base64url');
}

export interface TokenOptions {
  /** `HS256`, …; signs, and is the header's `alg` unless `header` says otherwise. @default HS256 */
  readonly algorithm?: string;
  /** Secret or private key. @default SECRET */
  readonly key?: KeyObject;
  /** Members beside `alg` (or instead of it). */
  readonly header?: object;
}

/** A signed token that expires an hour from NOW_SECONDS, unless the claims say otherwise. */
export function tokenOf(claims: object = {}, options: TokenOptions = {}): string {
  return tokenOfText(JSON.stringify({ exp: NOW_SECONDS + 3600, ...claims }), options);
}

/** The same with a payload as it is written. */
export function tokenOfText(payload: string | Uint8Array, options: TokenOptions = {}): string {
  const { algorithm = 'HS256', header = {} } = options;
  return signedToken(JSON.stringify({ alg: algorithm, typ: 'JWT', ...header }), payload, options);
}

/** Header and payload as they are written, and a signature that is right for them. */
export function signedToken(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  { algorithm = 'HS256', key = SECRET }: TokenOptions = {},
): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${base64url(signatureOf(input, algorithm, key))}`;
}

/** RFC 7518 §3. */
export function signatureOf(input: string, algorithm: string, key: KeyObject): Buffer {
  const hash = `sha${algorithm.slice(2)}`;
  const bytes = Buffer.from(input);
  switch (algorithm.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, key).update(bytes).digest();
    case 'PS':
      return sign(hash, bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
    default:
      return sign(hash, bytes, key);
  }
}
