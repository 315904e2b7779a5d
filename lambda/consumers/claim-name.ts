/**
 * Keeps names unique, without transactions. A claim counts while its record counts *and* has, or is about to
 * take, that name; any other claim is stale, and the next one who wants the name takes it over:
 *
 *   new record   put record (pending) → claim → commit
 *   rename       record says renamingTo → claim → commit (name; renamingTo goes) → remove the old claim
 *   other        finds a maker or rename that is silent for 30 s: ends it, then takes over the claim
 *
 * A claim is taken over only as it was read, and ending a maker or rename makes its commit fail: so no name
 * ever has two live records, and a crash at any point blocks it for 30 s at most.
 */
import { readOptionalNumber, readOptionalText, readText } from './attributes.ts';
import { type Claimed, putClaim, releaseRename } from './claim-requests.ts';
import { getItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { put, remove, update } from './dynamodb-write.ts';
import { isLive, type Key, type Kind, PENDING, recordKey } from './items.ts';
import { PENDING_TIMEOUT_MS, releasePending } from './requests.ts';

/** How often a claim is looked at again when others change it meanwhile. */
const CLAIM_ATTEMPTS = 4;

interface Claimant extends Claimed {
  readonly kind: Kind;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * @returns undefined when the name is now the claimant's; `being_made` when it is another's that may yet be dead.
 * @throws StoreUnavailable
 */
export async function claimName(
  table: Table,
  claim: Key,
  claimant: Claimant,
): Promise<'taken' | 'being_made' | undefined> {
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
    if (await put(table, putClaim(claim, claimant))) return undefined;
    const held = await readClaim(table, claim);
    if (held === undefined) continue;
    const holder = await stateOf(table, held.recordId, claimant);
    if (holder === 'taken' || holder === 'being_made') return holder;
    if (
      holder === 'dead' &&
      !(await remove(table, releasePending(claimant.kind, held.recordId, claimant.nowMs)))
    )
      continue;
    if (holder === 'stuck' && !(await update(table, releaseRename(claimant.kind, held.recordId, claimant))))
      continue;
    if (await put(table, putClaim(claim, claimant, held))) return undefined;
  }
  return 'being_made';
}

/** @throws StoreUnavailable */
export async function readClaim(table: Table, claim: Key): Promise<Claimed | undefined> {
  const item = await getItem(table, claim);
  return item && { recordId: readText(item, 'recordId'), attempt: readOptionalText(item, 'attempt') };
}

/**
 * @returns `gone`: it does not have the name, or is being deleted; `dead`: its maker has been silent for too
 * long; `stuck`: so has who renames it; `being_made`: they may be at work.
 */
async function stateOf(
  table: Table,
  id: string,
  { kind, name, nowMs }: Claimant,
): Promise<'taken' | 'being_made' | 'dead' | 'stuck' | 'gone'> {
  const item = await getItem(table, recordKey(kind, id));
  if (item === undefined) return 'gone';
  const hasFallenSilent = (attribute: string) =>
    (readOptionalNumber(item, attribute) ?? 0) < nowMs - PENDING_TIMEOUT_MS;
  if (!isLive(item)) {
    if (readOptionalText(item, 'phase') !== PENDING) return 'gone';
    return hasFallenSilent('pendingSinceMs') ? 'dead' : 'being_made';
  }
  if (readText(item, kind === 'user' ? 'username' : 'name') === name) return 'taken';
  if (readOptionalText(item, 'renamingTo') !== name) return 'gone';
  return hasFallenSilent('renamingSinceMs') ? 'stuck' : 'being_made';
}
