import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { algorithmsOfKey } from '../config/key-material.ts';
import type { Algorithm, JwtPolicy } from '../config/types.ts';
import type { KeyFinder } from '../keys/key-finder.ts';
import { checkClaims } from './claims.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny } from './denial.ts';
import type { JsonObject } from './strict-json.ts';
import { codeOf, keysStep, type Observe } from './trace.ts';
import type { VerifiedTokens } from './verified-tokens.ts';

/** Claims that a signature vouches for. They may still fail the policy's other checks. */
export type VerifiedClaims = JsonObject & { readonly __brand?: 'VerifiedClaims' };

export interface Verification {
  /** True from the moment the signature held: from then on no other policy may accept the token. */
  readonly isAuthentic: boolean;
  readonly result: VerifiedClaims | Denial;
  /** The key with which it held. */
  readonly key?: KeyObject;
}

/**
 * Whether a policy accepts a token: algorithm, key, signature, then claims, in that order.
 * @param keys the policy's. @throws KeyUnavailable when no key can be had.
 * @param nowSeconds seconds since 1970, fractions included.
 */
export async function verify(
  decoded: DecodedToken,
  policy: JwtPolicy,
  {
    keys,
    verified,
    nowSeconds,
    observe,
  }: {
    keys: KeyFinder;
    verified?: Pick<VerifiedTokens, 'holdsWith'> | undefined;
    nowSeconds: number;
    observe?: Observe | undefined;
  },
): Promise<Verification> {
  const { unverifiedHeader: header, unverifiedClaims, token } = decoded;
  const algorithm = allowedAlgorithm(header, policy);
  observe?.({ step: 'algorithm', wanted: policy.algorithms, got: header['alg'], code: codeOf(algorithm) });
  if (typeof algorithm !== 'string') return refused(algorithm);
  const hint = { algorithm, kid: header['kid'] };
  const holds = (key: KeyObject) =>
    verified?.holdsWith(decoded, key) === true || holdsSignature(token, key, algorithm);
  const looked = keys.find(hint);
  let candidates = looked instanceof Promise ? await looked : looked;
  observe?.(keysStep(candidates, hint, { policy, isNewer: false }));
  let key = candidates.find(holds);
  if (key === undefined) {
    const newer = await keys.findNewer(hint);
    if (newer !== undefined) observe?.(keysStep(newer, hint, { policy, isNewer: true }));
    candidates = newer ?? candidates;
    key = newer?.find(holds);
    if (key === undefined) {
      const denial = whyNot(candidates, algorithm, policy);
      observe?.({ step: 'signature', code: denial.code });
      return refused(denial);
    }
  }
  observe?.({ step: 'signature', code: undefined });
  const claims: VerifiedClaims = unverifiedClaims;
  const denial = checkClaims({ header, claims }, policy, { nowSeconds, observe });
  return { isAuthentic: true, result: denial ?? claims, key };
}

function allowedAlgorithm(header: JsonObject, { algorithms }: JwtPolicy): Algorithm | Denial {
  return algorithms.find((allowed) => allowed === header['alg']) ?? deny('algorithm_not_allowed');
}

function whyNot(candidates: readonly KeyObject[], algorithm: Algorithm, { keySource }: JwtPolicy): Denial {
  if (candidates.length === 0) return deny('key_unknown');
  if (!candidates.some((key) => canDo(key, algorithm))) return deny('algorithm_not_allowed');
  // A key that is fetched can be another one tomorrow.
  return deny('signature_invalid', keySource.kind === 'inline');
}

/** An algorithm of another key type: with a public key for a secret, anyone could sign (RFC 8725 §2.1). */
function canDo(key: KeyObject, algorithm: Algorithm): boolean {
  return algorithmsOfKey(key).includes(algorithm);
}

/**
 * The signature alone; time and claims are ours. The key is a KeyObject, since jsonwebtoken parses a string
 * anew for every token.
 */
function holdsSignature(token: string, key: KeyObject, algorithm: Algorithm): boolean {
  if (!canDo(key, algorithm)) return false;
  try {
    jwt.verify(token, key, { algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
    return true;
  } catch {
    // The key and the algorithm were checked before, so whatever is thrown here is the token's doing.
    return false;
  }
}

function refused(denial: Denial): Verification {
  return { isAuthentic: false, result: denial };
}
