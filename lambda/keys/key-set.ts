import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { algorithmsOfKey, assertStrong } from '../config/key-material.ts';
import { isRecord } from '../config/record.ts';
import type { Algorithm } from '../config/types.ts';
import type { KeyHint, VerificationKey } from './key-finder.ts';
import { KeyUnavailable } from './key-unavailable.ts';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
/** Four bytes in base64url. */
const LONGEST_EXPONENT = 6;

/** Issuers have two or three; each is parsed, and those without `kid` are told apart by trying. */
const MAXIMUM_KEYS = 100;

/**
 * The keys of a JSON Web Key Set (RFC 7517 §5) that may verify for a policy. Those of other kinds and for
 * other uses are left out, as §5 asks; so a set may have none, which is what it has when all are withdrawn.
 * @param allowed the policy's allow-list.
 * @throws KeyUnavailable when it is no key set, or one of too many keys.
 */
export function parseKeySet(value: unknown, allowed: readonly Algorithm[]): readonly VerificationKey[] {
  const keys = isRecord(value) ? value['keys'] : undefined;
  if (!Array.isArray(keys)) throw new KeyUnavailable('the answer is no JSON Web Key Set');
  if (keys.length > MAXIMUM_KEYS)
    throw new KeyUnavailable(`the key set has ${keys.length} keys, more than ${MAXIMUM_KEYS}`);
  return keys.flatMap((jwk: unknown) => parseKey(jwk, allowed) ?? []);
}

/** The keys of a set that may have signed a token: its `kid`, or the only one there is for its algorithm. */
export function choose(keys: readonly VerificationKey[], { algorithm, kid }: KeyHint) {
  const fitting = keys.filter((key) => key.algorithms.includes(algorithm));
  if (kid !== undefined) return fitting.filter((key) => key.kid === kid);
  return fitting.length === 1 ? fitting : [];
}

function parseKey(jwk: unknown, allowed: readonly Algorithm[]): VerificationKey | undefined {
  if (!isRecord(jwk) || !isForSignatures(jwk)) return undefined;
  const { kid, alg } = jwk;
  if (kid !== undefined && typeof kid !== 'string') return undefined;
  const key = importJwk(jwk);
  if (key === undefined) return undefined;
  const algorithms = algorithmsOfKey(key).filter(
    (algorithm) => allowed.includes(algorithm) && (alg === undefined || alg === algorithm),
  );
  if (algorithms.length === 0) return undefined;
  return { key, algorithms, ...(kid !== undefined && { kid }) };
}

/** RFC 7517 §4.2 and §4.3; both may be there, and then both must agree. */
function isForSignatures({ use, key_ops: operations }: Readonly<Record<string, unknown>>): boolean {
  const mayVerify = Array.isArray(operations) ? operations.includes('verify') : operations === undefined;
  return mayVerify && (use === undefined || use === 'sig');
}

/** The public members alone, so that neither a secret (`oct`) nor a private key is ever imported. */
function importJwk(jwk: Readonly<Record<string, unknown>>) {
  // A private key that is published is everybody's (RFC 7518 §6.2.2, §6.3.2).
  if (PRIVATE_MEMBERS.some((name) => name in jwk)) return undefined;
  const { kty, n, e, crv, x, y } = jwk;
  const members = kty === 'RSA' ? { kty, n, e } : { kty: 'EC', crv, x, y };
  if (kty !== 'RSA' && kty !== 'EC') return undefined;
  // Exponents are short; with one as long as the modulus, each signature would take a thousand times as long.
  if (typeof e === 'string' && e.length > LONGEST_EXPONENT) return undefined;
  try {
    // It throws where a member is missing or no string.
    const imported = assertStrong(createPublicKey({ key: members as JsonWebKey, format: 'jwk' }));
    return imported.ok ? imported.key : undefined;
  } catch {
    return undefined;
  }
}
