/** Which keys of a credential verify its tokens. */
import { type Item, readOptionalNumber, readOptionalText, readText } from './attributes.ts';
import { getLiveItems, type ReadTable } from './dynamodb-get.ts';
import { isKeyId, keySlotKey, recordKey } from './items.ts';
import type { KeyedCredential } from './keyed-credential.ts';
import { RecordUnreadable } from './model.ts';
import { parseCredential } from './records.ts';

/**
 * One round trip, consistent.
 * @returns the credential and its keys; undefined when there is none.
 * @throws StoreUnavailable when the table fails, or its items are not what we write.
 */
export async function readCredentialKeys(
  table: ReadTable,
  keyId: string,
): Promise<KeyedCredential | undefined> {
  if (!isKeyId(keyId)) return undefined;
  const slots = [keySlotKey(keyId, 1), keySlotKey(keyId, 2)];
  const [record, first, second] = await getLiveItems(table, [recordKey('cred', keyId), ...slots]);
  if (record === undefined) return undefined;
  const [current, previous] = currentSlot(record) === 1 ? [first, second] : [second, first];
  const untilSeconds = readOptionalNumber(record, 'previousKeyUntilSeconds');
  const attempt = readText(record, 'attempt');
  // What a former credential of that keyId left behind is not this one's key.
  const isOwn = (slot: Item | undefined): slot is Item =>
    slot !== undefined && readOptionalText(slot, 'attempt') === attempt;
  const credential = parseCredential(record);
  if (credential.keyId !== keyId)
    throw new RecordUnreadable('credentials table: keyId contradicts the key it was read by');
  return {
    credential,
    keys: [
      ...(isOwn(current) ? [parseKey(current)] : []),
      ...(isOwn(previous) && untilSeconds !== undefined ? [{ ...parseKey(previous), untilSeconds }] : []),
    ],
  };
}

/** @returns the slot of the key that counts without end. @throws StoreUnavailable */
export function currentSlot(record: Item): 1 | 2 {
  const slot = readOptionalNumber(record, 'keySlot') ?? 1;
  if (slot === 1 || slot === 2) return slot;
  throw new RecordUnreadable('credentials table: unknown keySlot');
}

function parseKey(slot: Item) {
  const keySecret = readOptionalText(slot, 'keySecret');
  if (keySecret !== undefined) return { keySecret };
  return { publicKey: readText(slot, 'publicKey'), algorithm: readText(slot, 'algorithm') };
}
