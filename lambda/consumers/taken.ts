import { readOptionalText } from './attributes.ts';
import { getItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { type Key, PENDING } from './items.ts';
import type { Taken } from './store.ts';

/** @param isBeingMade whether who has it does not count yet. */
export const taken = <Code extends string>(code: Code, isBeingMade: boolean): Taken<Code> => ({
  ok: false,
  code,
  ...(isBeingMade && { isBeingMade }),
});

/** @returns whether a record that was in the way of another one is only being made. @throws StoreUnavailable */
export async function isPending(table: Table, key: Key): Promise<boolean> {
  const item = await getItem(table, key);
  return item !== undefined && readOptionalText(item, 'phase') === PENDING;
}
