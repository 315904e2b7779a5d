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

import type { Table } from './dynamodb-send.ts';
import { put, remove, update } from './dynamodb-write.ts';
import type { Key } from './items.ts';
import { StoreUnavailable } from './model.ts';
import { abandonPending, commit, type Draft, putPending, removeTrace } from './requests.ts';

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
