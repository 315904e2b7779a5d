import type { JwtPolicy } from '../config/types.ts';
import type { CredentialKeyStore, KeyReading } from '../consumers/find-credential-keys.ts';
import { isKeyId } from '../consumers/items.ts';
import { countingKeys } from '../consumers/keyed-credential.ts';
import type { Credential } from '../consumers/model.ts';
import { credentialKeyFor, type StoredCredentialKey } from '../keys/credential-key.ts';
import { decoyKey } from '../keys/decoys.ts';
import type { KeyFinder, KeyHint, Keys } from '../keys/key-finder.ts';
import { checkExpiry } from './claims.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, deny } from './denial.ts';

/** The keys of the credential that one token names. */
export interface CredentialKeys extends KeyFinder {
  /** The credential whose keys were given last; undefined when it was not looked up, or is unknown. */
  readonly credential: () => Credential | undefined;
  /** Whether it was looked up, and there is none of that name. */
  readonly isUnknown: () => boolean;
  /** Whether the table was read for it. */
  readonly wasRead: () => boolean;
}

/**
 * With `credentialKey`, the unverified `sub` tells which key may verify. So that a made-up token costs no
 * look-up where that can be told, what needs no key comes before: the issuer by now, here `exp` and the shape
 * of the name, and the algorithm before keys are asked for.
 * @param nowMs milliseconds since 1970.
 */
export function keysOfCredential(
  { unverifiedClaims }: DecodedToken,
  policy: JwtPolicy,
  { store, nowMs }: { store: CredentialKeyStore; nowMs: number },
): CredentialKeys | Denial {
  const { sub } = unverifiedClaims;
  if (!isKeyId(sub)) return deny('credential_unknown');
  const expired = checkExpiry(unverifiedClaims, policy, nowMs / 1000);
  if (expired !== undefined) return expired;

  let reading: KeyReading | undefined;
  let wasRead = false;
  const use = (read: KeyReading, hint: KeyHint): Keys => {
    reading = read;
    wasRead ||= read.readAtMs !== undefined;
    return keysIn(read, policy, { hint, nowSeconds: nowMs / 1000 });
  };
  return {
    credential: () => reading?.found?.credential,
    isUnknown: () => reading !== undefined && reading.found === undefined,
    wasRead: () => wasRead,
    find: async (hint) => use(await store.find(sub), hint),
    findNewer: (hint) => {
      const before = reading;
      if (before === undefined) return undefined;
      const newer = store.findNewer(sub, before);
      wasRead ||= newer !== undefined;
      return newer?.then((read) => (hasSameKeys(read, before) ? undefined : use(read, hint)));
    },
  };
}

/** As many as one credential can have that count: the current key, and the one before it. */
const KEYS_AT_MOST = 2;
/** Is nobody's key, and stands where one is missing. */
const NONE: StoredCredentialKey = { keySecret: '' };

/**
 * The keys that count and do the token's algorithm. Those that nobody has stand where one is missing, so that
 * it takes as many signatures to refuse a token whether there are two keys, one or none; and the same steps to find them.
 */
function keysIn(
  { found }: KeyReading,
  policy: JwtPolicy,
  { hint, nowSeconds }: { hint: KeyHint; nowSeconds: number },
): Keys {
  const { algorithm } = hint;
  const slots = [...countingKeys(found?.keys ?? [], nowSeconds), NONE, NONE].slice(0, KEYS_AT_MOST);
  return slots.map((stored) => credentialKeyFor(stored, algorithm, policy) ?? decoyKey(algorithm));
}

const hasSameKeys = (one: KeyReading, other: KeyReading): boolean =>
  JSON.stringify(one.found?.keys) === JSON.stringify(other.found?.keys);
