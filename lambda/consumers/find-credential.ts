import { isKeyId } from './items.ts';
import { createReadOrLast, markStale, reported, type StaleOptions } from './last-known.ts';
import { createMemory, type LookupResult, shareCalls } from './memory.ts';
import type { Credential, CredentialHolder, CredentialReader, HeldBy } from './model.ts';

/** A credential with the consumer that holds it. */
export interface FoundCredential {
  readonly credential: Credential;
  readonly holder: CredentialHolder;
}

/**
 * Finds a credential by its keyId.
 * @param counts whether one that is remembered lets its caller in; one that does not is read again. @default it does
 * @returns at once where it is remembered: a promise costs as much as the rest of such a decision.
 * @throws StoreUnavailable (rejects with it) when the table cannot be reached.
 */
export type FindCredential = (
  keyId: string,
  counts?: (found: FoundCredential) => boolean,
) => FoundCredential | undefined | Promise<FoundCredential | undefined>;

/** What every look-up that remembers is given. */
export interface Remembering {
  /** How long what was read counts; 0 remembers nothing. */
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each look-up. */
  readonly report?: (result: LookupResult) => void;
  /** @default an outage is one, whatever was read before */
  readonly stale?: StaleOptions | undefined;
}

const REMEMBERED_AT_MOST = 10_000;

/**
 * Reads a credential, then its holder: two round trips. As many where there is no such credential, so that the time of an
 * answer does not tell; none for what cannot be a keyId.
 */
export function findThrough(reader: CredentialReader): FindCredential {
  return async (keyId) => {
    const credential = await reader.readCredential(keyId);
    if (credential !== undefined) return { credential, holder: await reader.readHolder(credential) };
    if (isKeyId(keyId)) await reader.readHolder(nobodyFor(keyId));
    return undefined;
  };
}

/** The holder of a credential that there is not: another one for each name, so that no partition has them all. */
const nobodyFor = (keyId: string): HeldBy => ({ consumerType: 'user', consumerId: keyId });

/**
 * Remembers what was found, and nothing that was not: a credential that is created works at once. What is remembered lets
 * in and keeps nobody out: who would be denied by it is looked up as one that there is not, and a credential that is
 * activated works at once too.
 * Concurrent look-ups of one keyId share a read. The least recently found is forgotten first.
 * @param seconds how long; 0 remembers nothing.
 * @param now milliseconds since 1970.
 * @param report told of each look-up, where anything is remembered.
 * @param stale while the table cannot be reached, what was found last and lets its caller in.
 */
export function rememberFound(
  find: FindCredential,
  { seconds, now, report, stale }: Remembering,
): FindCredential {
  if (seconds === 0 && stale === undefined) return find;
  const remembered = createMemory<FoundCredential>({ atMost: REMEMBERED_AT_MOST, now });
  const read = shareCalls(async (keyId) => {
    // Counted from before the read: what is remembered is never older than `seconds`.
    const untilMs = now() + seconds * 1000;
    const found = await find(keyId);
    if (found !== undefined) remembered.set(keyId, found, untilMs);
    else remembered.forget(keyId);
    return found;
  }, now);
  const readOrLast = createReadOrLast<FoundCredential | undefined>(stale, letsIn);
  const readAnew = async (keyId: string) => {
    const { value, isStale } = await reported(() => readOrLast(keyId, () => read(keyId)), report);
    return isStale && value !== undefined ? markedStale(value) : value;
  };
  return (keyId, counts = () => true) => {
    const known = remembered.get(keyId);
    if (known === undefined || !counts(known)) return readAnew(keyId);
    report?.('remembered');
    return known;
  };
}

/** Another object: what is remembered of the same reading may be fresh for others, whose tokens it lets in. */
const markedStale = (found: FoundCredential): FoundCredential => ({
  ...found,
  credential: markStale({ ...found.credential }),
});

/** Whether it and all that it hangs on are active. */
const letsIn = (found: FoundCredential | undefined): boolean =>
  found?.credential.isActive === true && isActiveHolder(found.credential, found.holder);

/** A consumer that is active, as is the user that owns it. */
export const isActiveHolder = (
  { consumerType }: Pick<Credential, 'consumerType'>,
  { user, application }: CredentialHolder,
): boolean => user?.isActive === true && (consumerType === 'user' || application?.isActive === true);
