import type { JwtPolicy } from '../config/types.ts';
import type { FindCredential, FoundCredential } from '../consumers/find-credential.ts';
import type { FindRevocation } from '../consumers/find-revocation.ts';
import type { AuthenticatedCaller } from './caller.ts';
import { findConsumer } from './consumer.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, isDenial } from './denial.ts';
import { checkRevocation, nameOf } from './revocation.ts';
import { effectiveScopes } from './scopes.ts';
import { expiryOf, principalOf } from './subject.ts';
import type { Observe } from './trace.ts';
import type { VerifiedClaims } from './verify.ts';

interface CallerContext {
  /** All of the configuration. */
  readonly policies: readonly JwtPolicy[];
  readonly find: FindCredential;
  readonly findRevocation: FindRevocation;
  /** The token, for its revocations. */
  readonly decoded: DecodedToken;
  readonly nowSeconds: number;
  readonly observe?: Observe | undefined;
}

/**
 * Who a verified token speaks for: its consumer in the controlled modality, unless it was revoked.
 * @throws what `find` and `findRevocation` throw when the table cannot be reached.
 */
export async function findCaller(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  { policies, find, findRevocation, decoded, nowSeconds, observe }: CallerContext,
): Promise<AuthenticatedCaller | Denial> {
  const lookingUp = policy.checkCredentialExistence
    ? findConsumer(claims, policy, { find, isOneOfSeveral: areSeveral(policies), nowSeconds, observe })
    : undefined;
  // Together: what they read of the table then goes out together.
  const revoking = policy.tokenRevocation ? findRevocation(nameOf(decoded, claims)) : undefined;
  const [found, revocation] =
    lookingUp === undefined && revoking === undefined ? [] : await Promise.all([lookingUp, revoking]);
  if (found !== undefined && isDenial(found)) return found;
  const revoked = revocation && checkRevocation(claims, { revocation, holder: found?.holder, observe });
  return revoked ?? callerOf(claims, policy, { policies, found, decoded, observe });
}

/** The caller that a remembered token was last, with what it was made of beside the token. */
const callers = new WeakMap<DecodedToken, { policy: JwtPolicy; caller: AuthenticatedCaller }>();

interface Verified extends Pick<CallerContext, 'policies' | 'decoded' | 'observe'> {
  readonly found: FoundCredential | undefined;
}

function callerOf(claims: VerifiedClaims, policy: JwtPolicy, verified: Verified): AuthenticatedCaller {
  const { decoded, found } = verified;
  if (!decoded.isRemembered) return makeCaller(claims, policy, verified);
  const last = callers.get(decoded);
  if (last?.policy === policy && last.caller.found === found) return last.caller;
  const caller = { ...makeCaller(claims, policy, verified), isRemembered: true } as const;
  callers.set(decoded, { policy, caller });
  return caller;
}

function makeCaller(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  { policies, found, observe }: Verified,
): AuthenticatedCaller {
  const expiresAtSeconds = expiryOf(claims, policy, found?.credential);
  const credentialScopes = found?.credential.scopes;
  const scopes = effectiveScopes(claims, policy, credentialScopes);
  observe?.({ step: 'scopes', scopes, credentialScopes, scopeClaim: policy.scopeClaim, code: undefined });
  return {
    kind: 'authenticated',
    claims,
    keySource: policy.keySource.kind,
    ...(found !== undefined && { found }),
    scopes,
    principalId: principalOf(claims, { found, isList: policies.length > 1 }),
    ...(expiresAtSeconds !== undefined && { expiresAtSeconds }),
  };
}

const areSeveral = (policies: readonly JwtPolicy[]): boolean =>
  policies.filter((policy) => policy.checkCredentialExistence).length > 1;
