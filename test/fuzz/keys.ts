/** Keys of the fuzzed configurations. Secrets are the same in every run; key pairs are made anew, and their signatures with them. */
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { spkiPem } from '../config/keys.ts';
import { signatureOf } from '../support/tokens.ts';

export interface Signer {
  readonly algorithm: string;
  /** Signs: the secret, or the private key. */
  readonly key: KeyObject;
  /** Verifies: the same secret, or the public key. */
  readonly publicKey: KeyObject;
  /** Its name in a key set. */
  readonly kid?: string;
  /** Signing takes hundreds of microseconds: its tokens are kept, and altered after they were signed. */
  readonly isSlow?: true;
}

const secret = (text: string): KeyObject => createSecretKey(Buffer.from(text));

/** 70 characters each: long enough for HS512, and like no key in disguise. */
export const SECRET_TEXTS = ['fuzz-one; ', 'fuzz-two; ', 'fuzz-odd; '].map((text) => text.repeat(7));
const [one = '', two = '', odd = ''] = SECRET_TEXTS;

const hmac = (text: string, algorithm: string): Signer => {
  const key = secret(text);
  return { algorithm, key, publicKey: key };
};
export const HS256 = hmac(one, 'HS256');
export const HS384 = hmac(one, 'HS384');
export const HS512 = hmac(one, 'HS512');
export const SECOND_HS256 = hmac(two, 'HS256');
/** Of nobody's policy. */
export const FOREIGN_HS256 = hmac(odd, 'HS256');

const pair = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = pair('P-256');
const p521 = pair('P-521');

const of = (
  algorithm: string,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
  more: Partial<Signer> = {},
): Signer => ({ algorithm, key: privateKey, publicKey, ...more });

export const RS256 = of('RS256', rsa, { isSlow: true, kid: 'one' });
export const PS384 = of('PS384', rsa, { isSlow: true, kid: 'one' });
export const ES256 = of('ES256', p256, { kid: 'two' });
export const ES512 = of('ES512', p521, { isSlow: true });
export const FOREIGN_ES256 = of('ES256', pair('P-256'));

export const RSA_PEM = spkiPem(rsa.publicKey);
export const P256_PEM = spkiPem(p256.publicKey);
export const P521_PEM = spkiPem(p521.publicKey);
/** A public key taken for a secret, which anybody could sign with (RFC 8725 §2.1). */
export const PUBLIC_AS_SECRET = [RSA_PEM, P256_PEM, RSA_PEM.trim()].map(secret);

export const KEY_SET = {
  keys: [
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' },
    { ...p256.publicKey.export({ format: 'jwk' }), kid: 'two', use: 'sig', alg: 'ES256' },
  ],
};

export const sign = (input: string, { algorithm, key }: Signer): Buffer => signatureOf(input, algorithm, key);
