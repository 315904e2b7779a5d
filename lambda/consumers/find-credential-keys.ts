import { isActiveHolder, type Remembering } from './find-credential.ts';
import type { KeyedCredential } from './keyed-credential.ts';
import { createReadOrLast, isStale, markStale, reported } from './last-known.ts';
import { createMemory, readInto, shareCalls } from './memory.ts';
import { type Credential, type CredentialHolder, StoreUnavailable } from './model.ts';

/** A credential with its keys, as it was read at a time. */
export interface KeyReading {
  /** Undefined: there was none of that keyId. */
  readonly found: KeyedCredential | undefined;
  /**
   * From when on it was being read, where that was for this very question. Milliseconds since 1970.
   * @default it is remembered from another
   */
  readonly readAtMs?: number;
}

type FreshReading = Required<KeyReading>;

/**
 * Finds the keys of credentials before anything vouches for the token that names them. All reject with
 * StoreUnavailable when the table cannot be reached.
 */
export interface CredentialKeyStore {
  /** One round trip, or what is remembered. */
  find(keyId: string): Promise<KeyReading>;
  /**
   * Reads again, after the keys of a reading did not hold.
   * @returns undefined when it is fresh, or that was done for this name lately.
   */
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
const FAILED_AT_MOST = 10_000;
/** How soon a credential that is created, or a key that is replaced, is seen by who was denied before. */
const READ_AGAIN_AFTER_MS = 10_000;

/**
 * Names that there are not are remembered too, but shortly and in a place of their own: however many are
 * tried, none that there is gives way. What a wrong signature makes a known name be read is what an unknown one
 * is read, whatever else the known one is used for: so that the time of an answer does not tell them apart.
 * @param seconds how long what was found is remembered; 0 remembers nothing.
 * @param now milliseconds since 1970.
 * @param report told of each `find`.
 * @param stale while the table cannot be reached, the keys that a credential had last. Who does not sign with one of them
 * may hold a newer one: nobody knows.
 */
export function createCredentialKeyStore(
  reader: KeyedReader,
  { seconds, now, report, stale }: Remembering,
): CredentialKeyStore {
  const rememberMs = seconds * 1000;
  const againAfterMs = Math.min(rememberMs, READ_AGAIN_AFTER_MS);
  const known = createMemory<KeyedCredential>({ atMost: REMEMBERED_AT_MOST, now });
  /** Names whose keys did not hold, or that there are not: until they are read again. */
  const failed = createMemory<'unknown' | 'wrong'>({ atMost: FAILED_AT_MOST, now });
  const holders = createMemory<CredentialHolder>({ atMost: REMEMBERED_AT_MOST, now });

  const read = shareCalls(async (keyId): Promise<FreshReading> => {
    const readAtMs = now();
    const found = await reader.readKeys(keyId);
    if (found !== undefined) {
      known.set(keyId, found, readAtMs + rememberMs);
    } else {
      known.forget(keyId);
      failed.set(keyId, 'unknown', readAtMs + againAfterMs);
    }
    return { found, readAtMs };
  }, now);

  const readHolder = readInto(holders, { forMs: rememberMs, now }, (_name, credential: Credential) =>
    reader.readHolder(credential),
  );

  const keysOrLast = createReadOrLast<FreshReading>(
    stale,
    ({ found }) => found?.credential.isActive === true,
  );
  const holderOrLast = createReadOrLast<CredentialHolder>(stale, () => true);
  const findOrLast = async (keyId: string): Promise<KeyReading> => {
    const { value, isStale: isOld } = await reported(() => keysOrLast(keyId, () => read(keyId)), report);
    if (isOld && value.found !== undefined) markStale(value.found.credential);
    return value;
  };

  /**
   * What could not be read leaves no mark: it is not known yet whether the keys hold. What was read takes the place of
   * what an outage would be bridged with.
   */
  const readFor = async (keyId: string, mark: (readAtMs: number) => void) => {
    const { value, isStale: isOld } = await keysOrLast(keyId, () => read(keyId));
    if (isOld) throw newerUnavailable();
    if (value.found !== undefined) mark(value.readAtMs);
    return value;
  };

  return {
    async find(keyId) {
      const found = known.get(keyId);
      // Of a name that there is, too: the steps are as many. Who uses it does not make the mark of a wrong signature last.
      const failure = failed.peek(keyId);
      const isKnown = found !== undefined || failure === 'unknown';
      if (!isKnown) return findOrLast(keyId);
      report?.('remembered');
      return { found };
    },
    findNewer(keyId, { found, readAtMs }) {
      if (found !== undefined && isStale(found.credential)) return Promise.reject(newerUnavailable());
      if (failed.get(keyId) !== undefined) return undefined;
      // Counted as for a name that there is not: from before the read.
      const mark = (sinceMs: number) => failed.set(keyId, 'wrong', sinceMs + againAfterMs);
      if (readAtMs === undefined) return readFor(keyId, mark);
      mark(readAtMs);
      return undefined;
    },
    async findHolder(credential) {
      const { consumerType, consumerId, ownerUserId = '' } = credential;
      const name = `${consumerType}#${consumerId}#${ownerUserId}`;
      const held = holders.get(name);
      if (held !== undefined) return held;
      const { value, isStale: isOld } = await holderOrLast(name, () => readHolder(name, credential));
      if (!isOld) return value;
      if (!isActiveHolder(credential, value))
        throw new StoreUnavailable('credentials table: the consumer cannot be read');
      return markStale(value);
    },
  };
}

const newerUnavailable = () => new StoreUnavailable('credentials table: newer keys cannot be read');
