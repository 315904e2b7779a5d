import { createMemory, type LookupResult, shareCalls } from './memory.ts';
import type { Credential, CredentialHolder, CredentialReader } from './model.ts';

/** A credential with the consumer that holds it. */
export interface FoundCredential {
  readonly credential: Credential;
  readonly holder: CredentialHolder;
}

/** Finds a credential by its keyId. @throws StoreUnavailable when the table cannot be reached. */
export type FindCredential = (keyId: string) => Promise<FoundCredential | undefined>;

const REMEMBERED_AT_MOST = 10_000;

/** Reads a credential, then its holder: two round trips. */
export function findThrough(reader: CredentialReader): FindCredential {
  return async (keyId) => {
    const credential = await reader.readCredential(keyId);
    return credential && { credential, holder: await reader.readHolder(credential) };
  };
}

/**
 * Remembers what was found, and nothing that was not: a credential that is created works at once.
 * Concurrent look-ups of one keyId share a read. The least recently found is forgotten first.
 * @param seconds how long; 0 remembers nothing.
 * @param now milliseconds since 1970.
 * @param report told of each look-up, where anything is remembered.
 */
export function rememberFound(
  find: FindCredential,
  { seconds, now, report }: { seconds: number; now: () => number; report?: (result: LookupResult) => void },
): FindCredential {
  if (seconds === 0) return find;
  const remembered = createMemory<FoundCredential>({ atMost: REMEMBERED_AT_MOST, now });
  const read = shareCalls(async (keyId) => {
    // Counted from before the read: what is remembered is never older than `seconds`.
    const untilMs = now() + seconds * 1000;
    const found = await find(keyId);
    if (found !== undefined) remembered.set(keyId, found, untilMs);
    return found;
  });
  return async (keyId) => {
    const known = remembered.get(keyId);
    report?.(known ? 'remembered' : 'read');
    return known ?? read(keyId);
  };
}
