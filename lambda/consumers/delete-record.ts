/** Deletes users, applications and credentials: one write that decides, then the clean-up. */
import { randomUUID } from 'node:crypto';
import type { TableWithApiKeys } from './api-keys.ts';
import { readOptionalText, readText } from './attributes.ts';
import { cleanUp, cleanUpCredential } from './clean-up.ts';
import { markDeleting, markOrphan } from './deletion-requests.ts';
import { getItem } from './dynamodb-get.ts';
import { update } from './dynamodb-write.ts';
import { holdersOfCredential, keepHeld } from './holders.ts';
import { DELETING, isKeyId, isLive, type Kind, recordKey } from './items.ts';
import { isReference } from './lookup.ts';
import { parseCredential } from './records.ts';
import type { Deletion, Outcome } from './store.ts';
import { whetherDone } from './whether-done.ts';

/**
 * @param notFound the code when there is no such record.
 * @throws StoreUnavailable when the deciding write failed, or may have; not when only the clean-up did.
 */
export async function deleteRecord<Code extends string>(
  table: TableWithApiKeys,
  { kind, id }: { readonly kind: Kind; readonly id: string },
  notFound: Code,
): Promise<Outcome<Deletion, Code>> {
  const isId = kind === 'cred' ? isKeyId(id) : isReference(id);
  if (!isId) return { ok: false, code: notFound };
  const item = await update(table, markDeleting(kind, id, randomUUID()));
  if (item !== undefined) {
    return { ok: true, value: { cleanedUp: await whetherDone(() => cleanUp(table, kind, item)) } };
  }
  // A try before this one may have been cut off in its clean-up.
  const left = await getItem(table, recordKey(kind, id));
  if (left !== undefined && readOptionalText(left, 'phase') === DELETING) await cleanUp(table, kind, left);
  return { ok: false, code: notFound };
}

/**
 * Frees a keyId whose credential does not count any more: deleted, or of a deleted consumer.
 * @returns whether it is worth trying to make the credential again.
 * @throws StoreUnavailable; ApiKeysUnavailable where its API key cannot be deleted.
 */
export async function freeKeyId(table: TableWithApiKeys, keyId: string): Promise<boolean> {
  const item = await getItem(table, recordKey('cred', keyId));
  if (item === undefined) return true;
  if (readOptionalText(item, 'phase') === DELETING) {
    await cleanUpCredential(table, item);
    return true;
  }
  if (!isLive(item)) return false;
  const held = await keepHeld(table, [parseCredential(item)], holdersOfCredential);
  if (held.length > 0) return false;
  const marked = await update(table, markOrphan(keyId, readText(item, 'attempt'), randomUUID()));
  if (marked !== undefined) await cleanUpCredential(table, marked);
  return true;
}
