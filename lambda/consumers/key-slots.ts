/** Which keys of a credential verify its tokens. */
import { type Item, readOptionalNumber, readOptionalText, readText } from './attributes.ts';
import { getLiveItems } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { isKeyId, keySlotKey, recordKey } from './items.ts';
import { type Credential, StoreUnavailable } from './model.ts';
import { parseCredential } from './records.ts';

/** A secret: never to be logged or shown. */
export type CredentialKey =
  | { readonly keySecret: string }
  | { readonly publicKey: string; readonly algorithm: string };

/**
 * One round trip, consistent.
 * @param nowSeconds seconds since 1970.
 * @returns the credential and the keys that count now, the current one first; undefined when there is none.
 * @throws StoreUnavailable when the table fails, or its items are not what we write.
 */
export async function readCredentialKeys(
  table: Table,
  keyId: string,
  nowSeconds: number,
): Promise<{ readonly credential: Credential; readonly keys: readonly CredentialKey[] } | undefined> {
  if (!isKeyId(keyId)) return undefined;
  const slots = [keySlotKey(keyId, 1), keySlotKey(keyId, 2)];
  const [record, first, second] = await getLiveItems(table, [recordKey('cred', keyId), ...slots]);
  if (record === undefined) return undefined;
  const isFirst = currentSlot(record) === 1;
  const until = readOptionalNumber(record, 'previousKeyUntilSeconds') ?? 0;
  const counting = [isFirst ? first : second, ...(nowSeconds < until ? [isFirst ? second : first] : [])];
  const attempt = readText(record, 'attempt');
  // What a former credential of that keyId left behind is not this one's key.
  const own = counting.filter((slot) => slot !== undefined && readOptionalText(slot, 'attempt') === attempt);
  return {
    credential: parseCredential(record),
    keys: own.filter((slot) => slot !== undefined).map(parseKey),
  };
}

/** @returns the slot of the key that counts without end. @throws StoreUnavailable */
export function currentSlot(record: Item): 1 | 2 {
  const slot = readOptionalNumber(record, 'keySlot') ?? 1;
  if (slot === 1 || slot === 2) return slot;
  throw new StoreUnavailable('credentials table: unknown keySlot');
}

function parseKey(slot: Item): CredentialKey {
  const keySecret = readOptionalText(slot, 'keySecret');
  if (keySecret !== undefined) return { keySecret };
  return { publicKey: readText(slot, 'publicKey'), algorithm: readText(slot, 'algorithm') };
}
