import type { JwtPolicy } from '../config/types.ts';
import type { FindCredential } from '../consumers/find-credential.ts';
import { isKeyId } from '../consumers/items.ts';
import type { KeyFinder } from '../keys/key-finder.ts';
import type { AuthenticatedCaller } from './caller.ts';
import { type CredentialKeys, keysOfCredential } from './credential-keys.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny, isDenial } from './denial.ts';
import type { Dependencies } from './dependencies.ts';
import { findCaller } from './find-caller.ts';
import { inTime, type TimeLimit } from './in-time.ts';
import { codeOf } from './trace.ts';
import { verify } from './verify.ts';

/** A caller, or why there is none; with whether the signature held, after which no other policy may accept the token. */
export interface Attempt {
  readonly isAuthentic: boolean;
  readonly result: AuthenticatedCaller | Denial;
  /** Whether it was refused, and the time that this took may tell what the table has of its credential, or has not. */
  readonly mayTell: boolean;
}

/**
 * One policy on one token: its keys, the signature and the claims, then the consumer, then whether it was revoked.
 * @throws when a key or the table cannot be reached.
 */
export async function authenticate(
  policy: JwtPolicy,
  decoded: DecodedToken,
  { dependencies, limit }: { dependencies: Dependencies; limit: TimeLimit | undefined },
): Promise<Attempt> {
  const { observe, verified } = dependencies;
  const nowMs = dependencies.now();
  const nowSeconds = nowMs / 1000;
  const keys = keysFor(policy, decoded, { dependencies, nowMs });
  if (isDenial(keys)) return { isAuthentic: false, result: keys, mayTell: false };
  const verifying = inTime(verify(decoded, policy, { keys, nowSeconds, observe }), limit);
  const { isAuthentic, result: claims, key } = verifying instanceof Promise ? await verifying : verifying;
  // To the caller it is the same whether the credential is wrong or the signature.
  const ofCredential = 'isUnknown' in keys ? keys : undefined;
  const mayTell = ofCredential?.wasRead() === true;
  if (!isAuthentic && ofCredential?.isUnknown()) {
    const unknown = deny('credential_unknown');
    observe?.({ step: 'credential', keyId: decoded.unverifiedClaims['sub'], code: unknown.code });
    return { isAuthentic, result: unknown, mayTell };
  }
  if (isDenial(claims)) return { isAuthentic, result: claims, mayTell };
  const find = ofCredential ? findVerified(ofCredential, dependencies) : dependencies.findCredential;
  const finding = inTime(findCaller(claims, policy, { dependencies, find, decoded, nowSeconds }), limit);
  const result = finding instanceof Promise ? await finding : finding;
  const isRefused = isDenial(result);
  if (key !== undefined && !isRefused) verified?.remember(decoded, key);
  // Of what is remembered, too: of a token that was revoked, it would tell that its credential counts.
  const isLookedUp = isRefused && policy.checkCredentialExistence && isKeyId(claims['sub']);
  return { isAuthentic, result, mayTell: ofCredential ? isRefused && mayTell : isLookedUp };
}

function keysFor(
  policy: JwtPolicy,
  decoded: DecodedToken,
  { dependencies, nowMs }: { dependencies: Dependencies; nowMs: number },
): KeyFinder | CredentialKeys | Denial {
  const { keysOf, credentialKeys, observe } = dependencies;
  if (policy.keySource.kind !== 'credential') return keysOf(policy);
  const keys = keysOfCredential(decoded, policy, { store: credentialKeys, nowMs });
  observe?.({ step: 'key_name', keyId: decoded.unverifiedClaims['sub'], code: codeOf(keys) });
  return keys;
}

/** The very credential whose key held, with its consumer. */
function findVerified(keys: CredentialKeys, { credentialKeys }: Dependencies): FindCredential {
  return async () => {
    const credential = keys.credential();
    return credential && { credential, holder: await credentialKeys.findHolder(credential) };
  };
}
