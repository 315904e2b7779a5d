/**
 * What a record hangs on: deleting a user or application is one write on it alone, so what belongs to it has
 * to be looked at together with it.
 */
import { getLiveItems, MAX_BATCH } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { consumerKey, type Key, recordKey } from './items.ts';
import type { Application, Credential } from './model.ts';

export const holdersOfApplication = ({ userId }: Application): readonly Key[] => [recordKey('user', userId)];

export const holdersOfCredential = (
  credential: Pick<Credential, 'consumerType' | 'consumerId' | 'ownerUserId'>,
): readonly Key[] => [
  consumerKey(credential.consumerType, credential.consumerId),
  ...(credential.ownerUserId === undefined ? [] : [recordKey('user', credential.ownerUserId)]),
];

/** @returns the records whose holders all count, in their order; reads each holder once. @throws StoreUnavailable */
export async function keepHeld<T>(
  table: Table,
  records: readonly T[],
  holdersOf: (record: T) => readonly Key[],
): Promise<readonly T[]> {
  const holders = [...new Map(records.flatMap(holdersOf).map((key) => [key.pk, key])).values()];
  const live = new Set<string>();
  for (let start = 0; start < holders.length; start += MAX_BATCH) {
    const batch = holders.slice(start, start + MAX_BATCH);
    const items = await getLiveItems(table, batch);
    for (const [index, key] of batch.entries()) if (items[index] !== undefined) live.add(key.pk);
  }
  return records.filter((record) => holdersOf(record).every((key) => live.has(key.pk)));
}
