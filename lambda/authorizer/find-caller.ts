import type { JwtPolicy } from '../config/types.ts';
import type { FindCredential, FoundCredential } from '../consumers/find-credential.ts';
import type { Revocation } from '../consumers/find-revocation.ts';
import type { AuthenticatedCaller } from './caller.ts';
import { areSeveralControlled, findConsumer } from './consumer.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, isDenial } from './denial.ts';
import type { Dependencies } from './dependencies.ts';
import { checkRevocation, nameOf } from './revocation.ts';
import { effectiveScopes } from './scopes.ts';
import { expiryOf, principalOf } from './subject.ts';
import type { VerifiedClaims } from './verify.ts';

interface CallerContext {
  readonly dependencies: Dependencies;
  /** Finds the credential; not the dependencies' own where the credential's key has verified the token. */
  readonly find: FindCredential;
  /** The token, for its revocations. */
  readonly decoded: DecodedToken;
  readonly nowSeconds: number;
}

/**
 * Who a verified token speaks for: its consumer in the controlled modality, unless it was revoked.
 * @returns at once where there is nothing to look up, or all of it is remembered.
 * @throws what `find` and `findRevocation` throw when the table cannot be reached.
 */
export function findCaller(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  context: CallerContext,
): AuthenticatedCaller | Denial | Promise<AuthenticatedCaller | Denial> {
  const { dependencies, find, decoded, nowSeconds } = context;
  const { config, findRevocation, observe } = dependencies;
  const lookingUp = policy.checkCredentialExistence
    ? findConsumer(claims, policy, {
        find,
        isOneOfSeveral: areSeveralControlled(config.policies),
        nowSeconds,
        observe,
      })
    : undefined;
  // Who is nobody has nothing that could be revoked, and an outage is none of his.
  if (lookingUp !== undefined && !(lookingUp instanceof Promise) && isDenial(lookingUp)) return lookingUp;
  // Together: what they read of the table then goes out together.
  const revoking = policy.tokenRevocation ? findRevocation(nameOf(decoded, claims)) : undefined;
  const conclude = (found: FoundCredential | Denial | undefined, revocation: Revocation | undefined) => {
    if (found !== undefined && isDenial(found)) return found;
    const revoked = revocation && checkRevocation(claims, { revocation, holder: found?.holder, observe });
    return revoked ?? callerOf(claims, policy, context, found);
  };
  if (lookingUp instanceof Promise || revoking instanceof Promise)
    return Promise.all([lookingUp, revoking]).then((both) => conclude(...both));
  return conclude(lookingUp, revoking);
}

/** The caller that a remembered token was last, with what it was made of beside the token. */
const callers = new WeakMap<DecodedToken, { policy: JwtPolicy; caller: AuthenticatedCaller }>();

function callerOf(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  { dependencies, decoded }: CallerContext,
  found?: FoundCredential,
): AuthenticatedCaller {
  const makeIt = () => makeCaller(claims, policy, { dependencies, decoded, found });
  if (decoded.heldWith === undefined) return makeIt();
  const last = callers.get(decoded);
  if (last?.policy === policy && last.caller.found === found) return last.caller;
  const caller = { ...makeIt(), isRemembered: true } as const;
  callers.set(decoded, { policy, caller });
  return caller;
}

interface Made extends Pick<CallerContext, 'dependencies' | 'decoded'> {
  readonly found: FoundCredential | undefined;
}

function makeCaller(
  claims: VerifiedClaims,
  policy: JwtPolicy,
  { dependencies, decoded, found }: Made,
): AuthenticatedCaller {
  const { config, observe } = dependencies;
  const { spelled } = decoded;
  const expiresAtSeconds = expiryOf(claims, policy, found?.credential);
  const credentialScopes = found?.credential.scopes;
  const scopes = effectiveScopes(claims, policy, credentialScopes);
  observe?.({ step: 'scopes', scopes, credentialScopes, scopeClaim: policy.scopeClaim, code: undefined });
  return {
    kind: 'authenticated',
    claims,
    ...(spelled !== undefined && { spelled }),
    keySource: policy.keySource.kind,
    ...(found !== undefined && { found }),
    scopes,
    principalId: principalOf(claims, { found, isList: config.policies.length > 1 }),
    ...(expiresAtSeconds !== undefined && { expiresAtSeconds }),
  };
}
