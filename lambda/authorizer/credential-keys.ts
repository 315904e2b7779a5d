import type { JwtPolicy } from '../config/types.ts';
import type { CredentialKeyStore, KeyReading } from '../consumers/find-credential-keys.ts';
import { isKeyId } from '../consumers/items.ts';
import { countingKeys } from '../consumers/keyed-credential.ts';
import type { Credential } from '../consumers/model.ts';
import { credentialKeyFor } from '../keys/credential-key.ts';
import { decoyKey } from '../keys/decoys.ts';
import type { KeyFinder, KeyHint, Keys } from '../keys/key-finder.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny } from './denial.ts';

/** The keys of the credential that one token names. */
export interface CredentialKeys extends KeyFinder {
  /** The credential whose keys were given last; undefined when there is none of that name. */
  readonly credential: () => Credential | undefined;
}

/**
 * With `credentialKey`, the unverified `sub` tells which key may verify. So that a made-up token costs no
 * look-up where that can be told, what needs no key comes before: the algorithm and the issuer by now, here
 * `exp` and the shape of the name.
 * @param nowMs milliseconds since 1970.
 */
export function keysOfCredential(
  { unverifiedClaims }: DecodedToken,
  policy: JwtPolicy,
  { store, nowMs }: { store: CredentialKeyStore; nowMs: number },
): CredentialKeys | Denial {
  const { sub, exp } = unverifiedClaims;
  if (typeof sub !== 'string' || !isKeyId(sub)) return deny('credential_unknown');
  if (typeof exp === 'number' && nowMs / 1000 >= exp + policy.clockToleranceSeconds)
    return deny('token_expired');

  let reading: KeyReading | undefined;
  const use = (read: KeyReading, hint: KeyHint): Keys => {
    reading = read;
    return keysIn(read, policy, { hint, nowSeconds: nowMs / 1000 });
  };
  return {
    credential: () => reading?.found?.credential,
    find: async (hint) => use(await store.find(sub), hint),
    findNewer: (hint) => {
      const before = reading;
      if (before === undefined) return undefined;
      const newer = store.findNewer(sub, before);
      return newer?.then((read) => (hasSameKeys(read, before) ? undefined : use(read, hint)));
    },
  };
}

/** The keys that count and do the token's algorithm; else one that nobody has, since checking it takes as long. */
function keysIn(
  { found }: KeyReading,
  policy: JwtPolicy,
  { hint, nowSeconds }: { hint: KeyHint; nowSeconds: number },
): Keys {
  const keys = countingKeys(found?.keys ?? [], nowSeconds).flatMap(
    (stored) => credentialKeyFor(stored, hint.algorithm, policy) ?? [],
  );
  return keys.length > 0 ? keys : [decoyKey(hint.algorithm)];
}

const hasSameKeys = (one: KeyReading, other: KeyReading): boolean =>
  JSON.stringify(one.found?.keys) === JSON.stringify(other.found?.keys);
