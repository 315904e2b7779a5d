import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { algorithmsOfKey, isLongEnough } from '../../lambda/config/key-material.ts';
import { looksLikeKey } from '../../lambda/config/looks-like-key.ts';
import { ALGORITHMS, type Algorithm } from '../../lambda/config/types.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { readFile } from './arguments.ts';

/**
 * What signs, out of a file: a private key (PEM or JWK), or else the bytes of a secret as they are.
 * @throws CommandFailure for a public key, and for what looks like a key and is none.
 */
export function signingKey(path: string): KeyObject {
  const bytes = readFile(path);
  const text = bytes.toString('utf8').trim();
  const key = privateKey(text);
  if (key !== undefined) return key;
  // As a secret, a public key would let anyone sign.
  if (looksLikeKey(bytes)) {
    throw new CommandFailure(
      `${path} holds no private key that can be read; give it as PEM without a passphrase, or as JWK (a public key cannot sign)`,
    );
  }
  if (text === '') throw new CommandFailure(`${path} is empty; give a private key or a secret`);
  return createSecretKey(bytes);
}

function privateKey(text: string): KeyObject | undefined {
  try {
    return text.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text);
  } catch {
    return undefined;
  }
}

/** @throws WrongUsage for an algorithm that there is not. */
export function parseAlgorithm(text: string): Algorithm {
  const algorithm = ALGORITHMS.find((known) => known === text.toUpperCase());
  if (algorithm === undefined) throw new WrongUsage(`--algorithm must be one of ${ALGORITHMS.join(', ')}`);
  return algorithm;
}

/** The first of those wished for that the key can do. @throws CommandFailure when there is none. */
export function algorithmFor(key: KeyObject, wished: readonly Algorithm[]): Algorithm {
  const possible = algorithmsOfKey(key.type === 'private' ? createPublicKey(key) : key);
  const chosen = wished.length === 0 ? possible[0] : wished.find((one) => possible.includes(one));
  if (chosen !== undefined) return chosen;
  throw new CommandFailure(
    `this key cannot sign ${wished.join(', ') || 'a token'}; it does ${possible.join(', ') || 'nothing'}`,
  );
}

export const isShort = (key: KeyObject, algorithm: Algorithm): boolean =>
  key.type === 'secret' && !isLongEnough(key, algorithm);
