/**
 * Makes a record live without transactions:
 *
 *   maker   put record (pending) → steps (claims, links, keys) → commit ──→ live
 *   crash                        ╰ record stays pending: counts as nonexistent, is purged by its TTL
 *   other                          after 30 s: deletes the pending record, takes over its claims
 *
 * Whichever of commit and deletion comes first makes the other's condition fail, so a name or keyId never
 * has two live records, and a crash at any point blocks it for 30 s at most.
 */

import { readOptionalNumber, readOptionalText, readText } from './attributes.ts';
import { getItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { put, remove, update } from './dynamodb-write.ts';
import { isLive, type Key, type Kind, PENDING, recordKey } from './items.ts';
import { StoreUnavailable } from './model.ts';
import {
  abandonPending,
  commit,
  type Draft,
  PENDING_TIMEOUT_MS,
  putClaim,
  putPending,
  releasePending,
  removeTrace,
} from './requests.ts';

/** How often a claim is looked at again when others change it meanwhile. */
const CLAIM_ATTEMPTS = 4;

/**
 * @param steps what must be written before the record counts; returns a failure to give up.
 * @param traces links and key slots that the steps may write, removed again on failure.
 * @returns the failure of the steps, `'exists'` when the id is taken, undefined when the record is live.
 * @throws StoreUnavailable; the record is then live, or counts as nonexistent.
 */
export async function makeRecord<F>(
  table: Table,
  draft: Draft,
  work: { readonly traces: readonly Key[]; readonly steps: () => Promise<F | undefined> },
): Promise<F | 'exists' | undefined> {
  try {
    if (!(await put(table, putPending(draft)))) return 'exists';
    const failure = await work.steps();
    if (failure === undefined) {
      if ((await update(table, commit(draft))) !== undefined) return undefined;
      throw new StoreUnavailable('credentials table: creation took too long and was given up');
    }
    await abandon(table, draft, work.traces);
    return failure;
  } catch (error) {
    // As well as it goes: so that the caller's next try need not wait until this one is taken for dead.
    await abandon(table, draft, work.traces).catch(() => undefined);
    throw error;
  }
}

async function abandon(table: Table, draft: Draft, traces: readonly Key[]): Promise<void> {
  // Live after all (only the answer was lost), or another's: then the traces are not ours to remove.
  if (!(await remove(table, abandonPending(draft)))) return;
  for (const key of traces) await remove(table, removeTrace(key, draft.attempt));
}

/**
 * Claims a unique name for a record; takes over a claim whose record does not count any more.
 * @returns whether the name is now the record's.
 */
export async function claimName(
  table: Table,
  claim: Key,
  { kind, id, startedAtMs: nowMs }: Pick<Draft, 'kind' | 'id' | 'startedAtMs'>,
): Promise<boolean> {
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
    if (await put(table, putClaim(claim, id))) return true;
    const item = await getItem(table, claim);
    if (item === undefined) continue;
    const heldBy = readText(item, 'recordId');
    const holder = await stateOf(table, { kind, id: heldBy, nowMs });
    if (holder === 'alive') return false;
    if (holder === 'dead' && !(await remove(table, releasePending(kind, heldBy, nowMs)))) continue;
    if (await put(table, putClaim(claim, id, heldBy))) return true;
  }
  return false;
}

/** @returns `gone`: there is none, or it is being deleted; `dead`: its maker has been silent for too long. */
async function stateOf(
  table: Table,
  { kind, id, nowMs }: { readonly kind: Kind; readonly id: string; readonly nowMs: number },
): Promise<'alive' | 'dead' | 'gone'> {
  const item = await getItem(table, recordKey(kind, id));
  if (item === undefined) return 'gone';
  if (isLive(item)) return 'alive';
  if (readOptionalText(item, 'phase') !== PENDING) return 'gone';
  const pendingSinceMs = readOptionalNumber(item, 'pendingSinceMs') ?? 0;
  return pendingSinceMs < nowMs - PENDING_TIMEOUT_MS ? 'dead' : 'alive';
}
