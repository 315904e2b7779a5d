import type { Revocation } from '../consumers/find-revocation.ts';
import type { CredentialHolder } from '../consumers/model.ts';
import type { NamedToken } from '../consumers/token-names.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny } from './denial.ts';
import { codeOf, type Observe } from './trace.ts';
import type { VerifiedClaims } from './verify.ts';

/**
 * Whether a verified token was revoked: by itself, or with all that were issued before a moment, of everybody's
 * or of its consumer's; what holds for a user holds for its applications.
 * @param holder undefined in the uncontrolled modality.
 */
export function checkRevocation(
  { iat }: VerifiedClaims,
  {
    revocation,
    holder,
    observe,
  }: { revocation: Revocation; holder: CredentialHolder | undefined; observe?: Observe | undefined },
): Denial | undefined {
  const moments: number[] = [];
  for (const source of [revocation, holder?.user, holder?.application])
    if (source?.issuedBeforeSeconds !== undefined) moments.push(source.issuedBeforeSeconds);
  // A token that does not say when it was issued may have been issued before.
  const isTooOld = moments.some((moment) => typeof iat !== 'number' || iat < moment);
  // Whatever else it may be, such as a promise that nobody waited for, is no word that it was not.
  const isRevoked = revocation.isRevoked !== false;
  const denial = isRevoked || isTooOld ? deny('token_revoked') : undefined;
  observe?.({ step: 'revocation', isRevoked, issuedBeforeSeconds: moments, iat, code: codeOf(denial) });
  return denial;
}

/** What revocations name a token by. @param claims its own, verified. */
export function nameOf({ token }: DecodedToken, { iss, jti }: VerifiedClaims): NamedToken {
  return {
    signedPart: token.slice(0, token.lastIndexOf('.')),
    ...(typeof iss === 'string' && { issuer: iss }),
    ...(typeof jti === 'string' && { jti }),
  };
}
