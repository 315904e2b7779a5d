import type { KeyedCredential } from './keyed-credential.ts';
import { createMemory, shareCalls } from './memory.ts';
import type { Credential, CredentialHolder } from './model.ts';

/** A credential with its keys, as it was read at a time. */
export interface KeyReading {
  /** Undefined: there was none of that keyId. */
  readonly found: KeyedCredential | undefined;
  /** Milliseconds since 1970. */
  readonly readAtMs: number;
}

/**
 * Finds the keys of credentials before anything vouches for the token that names them. All reject with
 * StoreUnavailable when the table cannot be reached.
 */
export interface CredentialKeyStore {
  /** One round trip, or what is remembered. */
  find(keyId: string): Promise<KeyReading>;
  /** Reads again, after the keys of a reading did not hold. @returns undefined when it is too new for that. */
  findNewer(keyId: string, reading: KeyReading): Promise<KeyReading> | undefined;
  /** The consumer that holds it; one round trip, or what is remembered. Only once the signature held. */
  findHolder(credential: Credential): Promise<CredentialHolder>;
}

/** What the store needs of the table. */
export interface KeyedReader {
  readKeys(keyId: string): Promise<KeyedCredential | undefined>;
  readHolder(credential: Credential): Promise<CredentialHolder>;
}

const REMEMBERED_AT_MOST = 10_000;
const UNKNOWN_AT_MOST = 10_000;
/** How soon a credential that is created, or a key that is replaced, is seen by who was denied before. */
const READ_AGAIN_AFTER_MS = 10_000;

/**
 * Names that there are not are remembered too, but shortly and in a place of their own: however many are
 * tried, none that there is gives way. A known name with wrong signatures is read as often as an unknown one,
 * so that the time of an answer does not tell them apart.
 * @param seconds how long what was found is remembered; 0 remembers nothing.
 * @param now milliseconds since 1970.
 */
export function createCredentialKeyStore(
  reader: KeyedReader,
  { seconds, now }: { seconds: number; now: () => number },
): CredentialKeyStore {
  const rememberMs = seconds * 1000;
  const known = createMemory<KeyReading>({ atMost: REMEMBERED_AT_MOST, now });
  const unknown = createMemory<KeyReading>({ atMost: UNKNOWN_AT_MOST, now });
  const holders = createMemory<CredentialHolder>({ atMost: REMEMBERED_AT_MOST, now });

  const read = shareCalls(async (keyId): Promise<KeyReading> => {
    const readAtMs = now();
    const reading = { found: await reader.readKeys(keyId), readAtMs };
    if (reading.found !== undefined) {
      known.set(keyId, reading, readAtMs + rememberMs);
    } else {
      known.forget(keyId);
      unknown.set(keyId, reading, readAtMs + Math.min(rememberMs, READ_AGAIN_AFTER_MS));
    }
    return reading;
  });

  const readHolder = shareCalls(async (name, credential: Credential) => {
    const untilMs = now() + rememberMs;
    const holder = await reader.readHolder(credential);
    holders.set(name, holder, untilMs);
    return holder;
  });

  return {
    find: async (keyId) => known.get(keyId) ?? unknown.get(keyId) ?? read(keyId),
    findNewer: (keyId, { readAtMs }) => (now() < readAtMs + READ_AGAIN_AFTER_MS ? undefined : read(keyId)),
    async findHolder(credential) {
      const { consumerType, consumerId, ownerUserId = '' } = credential;
      const name = `${consumerType}#${consumerId}#${ownerUserId}`;
      return holders.get(name) ?? readHolder(name, credential);
    },
  };
}
