import type { JwtPolicy } from '../config/types.ts';
import type { FoundCredential } from '../consumers/find-credential.ts';
import type { Credential } from '../consumers/model.ts';
import { printable } from './printable.ts';
import type { VerifiedClaims } from './verify.ts';

/**
 * `principalId`: the consumer's id, else `sub`; with several policies `iss|sub`, since the same `sub` can be
 * somebody else at another issuer. `anonymous` for a token without a subject: never empty.
 */
export function principalOf(
  claims: VerifiedClaims,
  { found, isList }: { found: FoundCredential | undefined; isList: boolean },
): string {
  if (found !== undefined) return found.credential.consumerId;
  const sub = textOf(claims, 'sub');
  if (sub === '') return 'anonymous';
  return printable(isList ? `${textOf(claims, 'iss')}|${sub}` : sub);
}

/** The moment from which on the policy would deny: `exp`, the maximum age, or the credential's own end. */
export function expiryOf(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  credential: Credential | undefined,
): number | undefined {
  const exp = numberOf(claims, 'exp');
  const iat = numberOf(claims, 'iat');
  const ends = [
    exp === undefined ? undefined : exp + policy.clockToleranceSeconds,
    iat === undefined || policy.maxAgeSeconds === undefined ? undefined : iat + policy.maxAgeSeconds,
    credential?.expiresAtSeconds,
  ].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function textOf(claims: VerifiedClaims, name: string): string {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
}

function numberOf(claims: VerifiedClaims, name: string): number | undefined {
  const value = claims[name];
  return typeof value === 'number' ? value : undefined;
}
