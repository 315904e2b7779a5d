import type { JwtPolicy } from '../config/types.ts';
import type { FindCredential } from '../consumers/find-credential.ts';
import type { CredentialKeyStore } from '../consumers/find-credential-keys.ts';
import type { FindRevocation } from '../consumers/find-revocation.ts';
import type { KeyFinder } from '../keys/key-finder.ts';
import type { AuthenticatedCaller } from './caller.ts';
import { type CredentialKeys, keysOfCredential } from './credential-keys.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny, isDenial } from './denial.ts';
import { findCaller } from './find-caller.ts';
import { codeOf, type Observe } from './trace.ts';
import type { VerifiedTokens } from './verified-tokens.ts';
import { verify } from './verify.ts';

export interface AuthenticationDependencies {
  /** The keys of a policy, for all but `credentialKey`. */
  readonly keysOf: (policy: JwtPolicy) => KeyFinder;
  /** The keys of credentials, for `credentialKey`. */
  readonly credentialKeys: CredentialKeyStore;
  readonly findCredential: FindCredential;
  readonly findRevocation: FindRevocation;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Tokens that were accepted lately. @default none are remembered */
  readonly verified?: VerifiedTokens;
  /** Told of each step. @default nobody is, and it costs nothing */
  readonly observe?: Observe;
}

/** A caller, or why there is none; with whether the signature held, after which no other policy may accept the token. */
export interface Attempt {
  readonly isAuthentic: boolean;
  readonly result: AuthenticatedCaller | Denial;
}

/**
 * One policy on one token: its keys, the signature and the claims, then the consumer, then whether it was revoked.
 * @param policies all of the configuration.
 * @throws when a key or the table cannot be reached.
 */
export async function authenticate(
  policy: JwtPolicy,
  decoded: DecodedToken,
  { policies, ...dependencies }: AuthenticationDependencies & { policies: readonly JwtPolicy[] },
): Promise<Attempt> {
  const nowMs = dependencies.now();
  const nowSeconds = nowMs / 1000;
  const { observe, verified } = dependencies;
  const keys = keysFor(policy, decoded, { ...dependencies, nowMs });
  if (isDenial(keys)) return { isAuthentic: false, result: keys };
  const {
    isAuthentic,
    result: claims,
    key,
  } = await verify(decoded, policy, {
    ...{ keys, verified, nowSeconds, observe },
  });
  // To the caller it is the same whether the credential is wrong or the signature.
  if (!isAuthentic && 'isUnknown' in keys && keys.isUnknown()) {
    const unknown = deny('credential_unknown');
    observe?.({ step: 'credential', keyId: decoded.unverifiedClaims['sub'], code: unknown.code });
    return { isAuthentic, result: unknown };
  }
  if (isDenial(claims)) return { isAuthentic, result: claims };
  const find = 'credential' in keys ? findVerified(keys, dependencies) : dependencies.findCredential;
  const result = await findCaller(claims, policy, { ...dependencies, policies, find, decoded, nowSeconds });
  if (key !== undefined && !isDenial(result)) verified?.remember(decoded, key);
  return { isAuthentic, result };
}

function keysFor(
  policy: JwtPolicy,
  decoded: DecodedToken,
  { keysOf, credentialKeys, nowMs, observe }: AuthenticationDependencies & { nowMs: number },
): KeyFinder | CredentialKeys | Denial {
  if (policy.keySource.kind !== 'credential') return keysOf(policy);
  const keys = keysOfCredential(decoded, policy, { store: credentialKeys, nowMs });
  observe?.({ step: 'key_name', keyId: decoded.unverifiedClaims['sub'], code: codeOf(keys) });
  return keys;
}

/** The very credential whose key held, with its consumer. */
function findVerified(keys: CredentialKeys, { credentialKeys }: AuthenticationDependencies): FindCredential {
  return async () => {
    const credential = keys.credential();
    return credential && { credential, holder: await credentialKeys.findHolder(credential) };
  };
}
