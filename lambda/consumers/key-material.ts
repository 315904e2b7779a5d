/** Keys of credentials: made, and checked where the caller brings them. */
import { randomBytes } from 'node:crypto';
import { algorithmsOfKey, importKey } from '../config/key-material.ts';

/** 128 bits: nobody guesses one that exists. */
export function generateKeyId(): string {
  const keyId = randomBytes(16).toString('base64url');
  // A command line would take it for an option.
  return keyId.startsWith('-') ? generateKeyId() : keyId;
}

/** 64 bytes: enough for HS512 (RFC 7518 §3.2 asks for the size of the hash). */
export const generateKeySecret = (): string => randomBytes(64).toString('base64url');

/** What verifies takes a key as a configuration's is taken; one that it would refuse is not stored. */
const importText = (key: string) => importKey(Buffer.from(key, 'utf8'));

/** @returns what is wrong with a public key for an algorithm, undefined when nothing is. */
export function publicKeyProblem(pem: string, algorithm: string): string | undefined {
  const imported = importText(pem);
  if (!imported.ok && imported.code === 'key_is_private') return 'must be a public key, got a private one';
  if (!imported.ok && imported.code === 'key_too_weak') return `must be a stronger key: ${imported.message}`;
  if (!imported.ok || imported.key.type === 'secret')
    return 'must be one PEM public key or certificate, with nothing before it';
  const possible = algorithmsOfKey(imported.key);
  return possible.some((able) => able === algorithm)
    ? undefined
    : `must come with an algorithm that it does: ${possible.join(', ')}`;
}

/**
 * A public key taken for a secret would let anyone who has it (everyone) sign HS256, and an address is known
 * to everybody too.
 * @returns what is wrong with a secret, undefined when nothing is; whether it is long enough is for a policy to say.
 */
export function secretProblem(secret: string): string | undefined {
  const imported = importText(secret);
  if (imported.ok)
    return imported.key.type === 'secret' ? undefined : 'must be a secret, got a PEM: use publicKey';
  if (imported.code === 'secret_empty' || imported.code === 'secret_too_short')
    return 'must be a secret, got nothing but zeros or spaces';
  return 'must be a secret, got what looks like a key or the address of one';
}
