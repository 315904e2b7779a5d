import type { KeyObject } from 'node:crypto';
import jwa from 'jwa';
import { algorithmsOfKey } from '../config/key-material.ts';
import type { Algorithm, JwtPolicy } from '../config/types.ts';
import { rsaDecoyOf } from '../keys/decoys.ts';
import type { KeyFinder, KeyHint, Keys } from '../keys/key-finder.ts';
import { checkClaims } from './claims.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny } from './denial.ts';
import type { JsonObject } from './strict-json.ts';
import { codeOf, keysStep, type Observe } from './trace.ts';

/** Claims that a signature vouches for. They may still fail the policy's other checks. */
export type VerifiedClaims = JsonObject & { readonly __brand?: 'VerifiedClaims' };

export interface Verification {
  /** True from the moment the signature held: from then on no other policy may accept the token. */
  readonly isAuthentic: boolean;
  readonly result: VerifiedClaims | Denial;
  /** The key with which it held. */
  readonly key?: KeyObject;
}

interface VerifyContext {
  /** The policy's. */
  readonly keys: KeyFinder;
  /** Seconds since 1970, fractions included. */
  readonly nowSeconds: number;
  readonly observe?: Observe | undefined;
}

/**
 * Whether a policy accepts a token: algorithm, key, signature, then claims, in that order.
 * @returns at once where the keys are at hand and one of them holds.
 * @throws KeyUnavailable (or rejects with it) when no key can be had.
 */
export function verify(
  decoded: DecodedToken,
  policy: JwtPolicy,
  context: VerifyContext,
): Verification | Promise<Verification> {
  const { unverifiedHeader: header } = decoded;
  const algorithm = allowedAlgorithm(header, policy);
  context.observe?.({
    ...{ step: 'algorithm', wanted: policy.algorithms, got: header['alg'], code: codeOf(algorithm) },
  });
  if (typeof algorithm !== 'string') return refused(algorithm);
  const hint = { algorithm, kid: header['kid'] };
  const attempt = { decoded, policy, hint, context };
  const candidates = context.keys.find(hint);
  return candidates instanceof Promise
    ? candidates.then((keys) => verifyWith(keys, attempt))
    : verifyWith(candidates, attempt);
}

interface VerifyAttempt {
  readonly decoded: DecodedToken;
  readonly policy: JwtPolicy;
  readonly hint: KeyHint;
  readonly context: VerifyContext;
}

function verifyWith(candidates: Keys, attempt: VerifyAttempt): Verification | Promise<Verification> {
  const { policy, hint, context } = attempt;
  context.observe?.(keysStep(candidates, hint, { policy, isNewer: false }));
  const key = keyThatHolds(candidates, attempt);
  return key === undefined ? verifyWithNewer(candidates, attempt) : accepted(key, attempt);
}

/** None held: another one may have come up since. */
async function verifyWithNewer(known: Keys, attempt: VerifyAttempt): Promise<Verification> {
  const { policy, hint, context } = attempt;
  const newer = await context.keys.findNewer(hint);
  if (newer !== undefined) context.observe?.(keysStep(newer, hint, { policy, isNewer: true }));
  const key = newer && keyThatHolds(newer, attempt);
  if (key !== undefined) return accepted(key, attempt);
  const denial = whyNot(newer ?? known, hint.algorithm, policy);
  context.observe?.({ step: 'signature', code: denial.code });
  return refused(denial);
}

function keyThatHolds(keys: Keys, { decoded, hint: { algorithm } }: VerifyAttempt): KeyObject | undefined {
  return keys.find((key) => decoded.heldWith === key || holdsSignature(decoded.token, key, algorithm));
}

/** The signature held; what is left is what it vouches for. */
function accepted(key: KeyObject, { decoded, policy, context }: VerifyAttempt): Verification {
  const { unverifiedHeader: header, unverifiedClaims } = decoded;
  context.observe?.({ step: 'signature', code: undefined });
  const claims: VerifiedClaims = unverifiedClaims;
  const denial = checkClaims({ header, claims }, policy, context);
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
  const known = algorithmsOf.get(key) ?? algorithmsOfKey(key);
  algorithmsOf.set(key, known);
  return known.includes(algorithm);
}

const algorithmsOf = new WeakMap<KeyObject, readonly Algorithm[]>();

/**
 * The signature alone, by what jsonwebtoken checks it with: jsonwebtoken itself would read header and claims once more,
 * by rules of its own, at the price of another signature of HMAC. The key is a KeyObject, since text would be parsed anew
 * for every token.
 * @see docs/decisions/0001-jsonwebtoken.md
 */
function holdsSignature(token: string, key: KeyObject, algorithm: Algorithm): boolean {
  if (!canDo(key, algorithm)) return false;
  try {
    const end = token.lastIndexOf('.');
    const signature = token.slice(end + 1);
    const isRsa = key.asymmetricKeyType === 'rsa';
    const bytes = isRsa ? Buffer.from(signature, 'base64url') : undefined;
    const checked = bytes === undefined ? key : keyFor(bytes, key);
    // As jwa makes it of a signature of RSA, which takes it several times as long.
    const spelled = bytes?.toString('base64') ?? signature;
    return verifierFor(algorithm).verify(token.slice(0, end), spelled, checked) && checked === key;
  } catch {
    // The key and the algorithm were checked before, so whatever is thrown here is the token's doing.
    return false;
  }
}

/**
 * A signature of RSA is as long as the modulus, and below it (RFC 8017 §5.2.2, §8.2.2); one that is not is wrong at once. So
 * that the time does not tell how long a credential's key is, where its modulus lies, nor that there is none, it is checked
 * all the same.
 * @returns the key, or one that nobody has for such a signature.
 */
function keyFor(signature: Buffer, key: KeyObject): KeyObject {
  const modulus = moduli.get(key) ?? Buffer.from(String(key.export({ format: 'jwk' }).n), 'base64url');
  moduli.set(key, modulus);
  const isPossible = signature.length === modulus.length && signature.compare(modulus) < 0;
  return isPossible ? key : (rsaDecoyOf(signature.length) ?? key);
}

const moduli = new WeakMap<KeyObject, Buffer>();

const verifiers = new Map<Algorithm, ReturnType<typeof jwa>>();

function verifierFor(algorithm: Algorithm): ReturnType<typeof jwa> {
  const verifier = verifiers.get(algorithm) ?? jwa(algorithm);
  verifiers.set(algorithm, verifier);
  return verifier;
}

function refused(denial: Denial): Verification {
  return { isAuthentic: false, result: denial };
}
