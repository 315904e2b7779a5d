import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { algorithmsOfKey } from '../config/key-material.ts';
import type { Algorithm, JwtPolicy } from '../config/types.ts';
import { checkClaims } from './claims.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny } from './denial.ts';
import type { JsonObject } from './strict-json.ts';

/** Claims that a signature vouches for. They may still fail the policy's other checks. */
export type VerifiedClaims = JsonObject & { readonly __brand?: 'VerifiedClaims' };

export interface Verification {
  /** True from the moment the signature held: from then on no other policy may accept the token. */
  readonly isAuthentic: boolean;
  readonly result: VerifiedClaims | Denial;
}

/**
 * Whether a policy accepts a token: algorithm, key, signature, then claims, in that order.
 * @param keyFor the policy's key. @throws what keyFor throws when the key cannot be reached.
 * @param nowSeconds seconds since 1970, fractions included.
 */
export async function verify(
  decoded: DecodedToken,
  policy: JwtPolicy,
  { keyFor, nowSeconds }: { keyFor: KeyLookup; nowSeconds: number },
): Promise<Verification> {
  const algorithm = policy.algorithms.find((allowed) => allowed === decoded.unverifiedHeader['alg']);
  if (algorithm === undefined) return refused('algorithm_not_allowed');
  const looked = keyFor(policy);
  const key = looked instanceof Promise ? await looked : looked;
  if (!algorithmsOfKey(key).includes(algorithm)) return refused('algorithm_not_allowed');
  if (!holdsSignature(decoded.token, key, algorithm)) return refused('signature_invalid');
  const claims: VerifiedClaims = decoded.unverifiedClaims;
  const denial = checkClaims({ header: decoded.unverifiedHeader, claims }, policy, nowSeconds);
  return { isAuthentic: true, result: denial ?? claims };
}

/** A policy's key; a promise only where it must be fetched first. */
export type KeyLookup = (policy: JwtPolicy) => KeyObject | Promise<KeyObject>;

/**
 * The signature alone; time and claims are ours. The key is a KeyObject, since jsonwebtoken parses a string
 * anew for every token.
 */
function holdsSignature(token: string, key: KeyObject, algorithm: Algorithm): boolean {
  try {
    jwt.verify(token, key, { algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
    return true;
  } catch {
    // The key and the algorithm were checked before, so whatever is thrown here is the token's doing.
    return false;
  }
}

function refused(code: 'algorithm_not_allowed' | 'signature_invalid'): Verification {
  return { isAuthentic: false, result: deny(code) };
}
