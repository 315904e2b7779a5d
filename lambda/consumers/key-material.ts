/** Keys of credentials: made, and checked where the caller brings them. */
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';

/** 128 bits: nobody guesses one that exists. */
export function generateKeyId(): string {
  const keyId = randomBytes(16).toString('base64url');
  // A command line would take it for an option.
  return keyId.startsWith('-') ? generateKeyId() : keyId;
}

/** 64 bytes: enough for HS512 (RFC 7518 §3.2 asks for the size of the hash). */
export const generateKeySecret = (): string => randomBytes(64).toString('base64url');

const MIN_RSA_BITS = 2048;
/** The curve of each ES algorithm (RFC 7518 §3.4), by OpenSSL's name. */
const CURVES: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

/** @returns what is wrong with a public key for an algorithm, undefined when nothing is. */
export function publicKeyProblem(pem: string, algorithm: string): string | undefined {
  // createPublicKey would silently derive the public half, and the private one would stay in the table.
  if (pem.includes('PRIVATE KEY')) return 'must be a public key, got a private one';
  const key = parsePublicKey(pem);
  if (key === undefined) return 'must be a PEM public key or certificate';
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (/^(RS|PS)(256|384|512)$/.test(algorithm)) {
    if (asymmetricKeyType !== 'rsa') return `must be an RSA key for ${algorithm}`;
    return (asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS
      ? `must have ${MIN_RSA_BITS} bits or more`
      : undefined;
  }
  const curve = CURVES[algorithm];
  if (curve === undefined) return 'must come with an algorithm RS, PS or ES with 256, 384 or 512';
  return asymmetricKeyDetails?.namedCurve === curve ? undefined : `must be on ${curve} for ${algorithm}`;
}

/**
 * A public key taken for a secret would let anyone who has it (everyone) sign HS256.
 * @returns whether a text has the armour of a PEM, also one that lost its line breaks.
 */
export const looksLikePem = (text: string): boolean => /-----\s*BEGIN/i.test(text);

function parsePublicKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
