import type { JwtPolicy } from '../config/types.ts';
import { type FindCredential, type FoundCredential, isActiveHolder } from '../consumers/find-credential.ts';
import { isFoundStale } from '../consumers/last-known.ts';
import { StoreUnavailable } from '../consumers/model.ts';
import { type Denial, deny, isDenial } from './denial.ts';
import { codeOf, type Observe } from './trace.ts';
import type { VerifiedClaims } from './verify.ts';

/**
 * The consumer of a verified token: `sub` is the keyId of a credential that is active, as is its consumer
 * and, for an application, the user that owns it.
 * @returns at once where `find` does.
 * @throws what `find` throws when the table cannot be reached.
 */
export function findConsumer(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  {
    find,
    isOneOfSeveral,
    nowSeconds,
    observe,
  }: { find: FindCredential; isOneOfSeveral: boolean; nowSeconds: number; observe?: Observe | undefined },
): FoundCredential | Denial | Promise<FoundCredential | Denial> {
  const keyId = claims['sub'];
  const check = (one: FoundCredential | undefined) =>
    checkCredential(one, claims, { policy, isOneOfSeveral, nowSeconds });
  const counts = (one: FoundCredential) =>
    !isDenial(check(one)) && isActiveHolder(one.credential, one.holder);
  const conclude = (found: FoundCredential | undefined): FoundCredential | Denial => {
    const counting = check(found);
    if (isDenial(counting)) assertCurrent(found, 'whether the credential counts');
    observe?.({
      ...{ step: 'credential', keyId, code: codeOf(counting) },
      ...(found !== undefined && { credential: found.credential }),
    });
    if (isDenial(counting)) return counting;
    const { credential, holder } = counting;
    const inactive = isActiveHolder(credential, holder) ? undefined : deny('consumer_inactive');
    if (inactive !== undefined) assertCurrent(counting, 'whether the consumer is active');
    observe?.({ step: 'consumer', credential, holder, code: inactive?.code });
    return inactive ?? counting;
  };
  const finding = typeof keyId === 'string' ? find(keyId, counts) : undefined;
  return finding instanceof Promise ? finding.then(conclude) : conclude(finding);
}

/** Whether more than one policy looks credentials up, so that each of these has to name its issuer. */
export const areSeveralControlled = (policies: readonly JwtPolicy[]): boolean =>
  policies.length > 1 && policies.filter((policy) => policy.checkCredentialExistence).length > 1;

/** What was read before an outage says who may, and not who may not. @throws StoreUnavailable */
function assertCurrent(found: FoundCredential | undefined, what: string): void {
  if (found !== undefined && isFoundStale(found))
    throw new StoreUnavailable(`credentials table: ${what} cannot be read`);
}

/** The policy on whose token it is, and when. */
interface Asked {
  readonly policy: JwtPolicy;
  readonly isOneOfSeveral: boolean;
  readonly nowSeconds: number;
}

/** A credential that counts for such a token, whoever holds it; another issuer's is unknown to this one. */
function checkCredential(
  found: FoundCredential | undefined,
  claims: VerifiedClaims,
  { policy, isOneOfSeveral, nowSeconds }: Asked,
): FoundCredential | Denial {
  const isOurs =
    found !== undefined && belongsToIssuer(found.credential.issuer, claims, { policy, isOneOfSeveral });
  if (!isOurs) return deny('credential_unknown');
  const { isActive, expiresAtSeconds } = found.credential;
  return isActive && !hasPassed(expiresAtSeconds, nowSeconds) ? found : deny('credential_inactive');
}

/**
 * A credential that names an issuer counts for that issuer's tokens alone. With several controlled policies
 * all must: issuer B could mint the `sub` of a credential that is A's.
 */
function belongsToIssuer(
  issuer: string | undefined,
  claims: VerifiedClaims,
  { policy, isOneOfSeveral }: Pick<Asked, 'policy' | 'isOneOfSeveral'>,
): boolean {
  // Without an issuer of its own, a policy has not verified the token's.
  if (isOneOfSeveral && policy.issuer.length === 0) return false;
  return issuer === undefined ? !isOneOfSeveral : claims['iss'] === issuer;
}

function hasPassed(moment: number | undefined, nowSeconds: number): boolean {
  return moment !== undefined && nowSeconds >= moment;
}
