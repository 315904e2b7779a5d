import type { JwtPolicy } from '../config/types.ts';
import type { FindCredential, FoundCredential } from '../consumers/find-credential.ts';
import { type Denial, deny } from './denial.ts';
import type { VerifiedClaims } from './verify.ts';

/**
 * The consumer of a verified token: `sub` is the keyId of a credential that is active, as is its consumer
 * and, for an application, the user that owns it.
 * @throws what `find` throws when the table cannot be reached.
 */
export async function findConsumer(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  { find, isOneOfSeveral, nowSeconds }: { find: FindCredential; isOneOfSeveral: boolean; nowSeconds: number },
): Promise<FoundCredential | Denial> {
  const keyId = claims['sub'];
  if (typeof keyId !== 'string') return deny('credential_unknown');
  const found = await find(keyId);
  if (found === undefined) return deny('credential_unknown');
  const { credential, holder } = found;
  if (!belongsToIssuer(credential.issuer, claims, { policy, isOneOfSeveral }))
    return deny('credential_unknown');
  if (!credential.isActive || hasPassed(credential.expiresAtSeconds, nowSeconds))
    return deny('credential_inactive');
  const isHolderActive = holder.user?.isActive === true;
  if (credential.consumerType === 'user') return isHolderActive ? found : deny('consumer_inactive');
  return isHolderActive && holder.application?.isActive === true ? found : deny('consumer_inactive');
}

/**
 * A credential that names an issuer counts for that issuer's tokens alone. With several controlled policies
 * all must: issuer B could mint the `sub` of a credential that is A's.
 */
function belongsToIssuer(
  issuer: string | undefined,
  claims: VerifiedClaims,
  { policy, isOneOfSeveral }: { policy: JwtPolicy; isOneOfSeveral: boolean },
): boolean {
  // Without an issuer of its own, a policy has not verified the token's.
  if (isOneOfSeveral && policy.issuer.length === 0) return false;
  return issuer === undefined ? !isOneOfSeveral : claims['iss'] === issuer;
}

function hasPassed(moment: number | undefined, nowSeconds: number): boolean {
  return moment !== undefined && nowSeconds >= moment;
}
