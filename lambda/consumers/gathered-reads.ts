import type { Item } from './attributes.ts';
import { getLiveItem, getLiveItems, MAX_BATCH, mapKey, type ReadTable } from './dynamodb-get.ts';
import type { Key } from './items.ts';

/** @returns for each key its live record, in the order of the keys. @throws StoreUnavailable */
export type ReadItems = (keys: readonly Key[]) => Promise<readonly (Item | undefined)[]>;

type Found = ReadonlyMap<string, Item | undefined>;

/**
 * Reads that are asked for at the same time go out together, in one round trip: who reads need not know what
 * others read. Each call asks for at most 100 keys.
 */
export function gatherReads(table: ReadTable): ReadItems {
  let gathering: { readonly keys: Map<string, Key>; readonly found: Promise<Found> } | undefined;

  const begin = () => {
    const keys = new Map<string, Key>();
    const found = (async () => {
      // Whatever follows from what has just happened is asked for by then.
      await new Promise(setImmediate);
      if (gathering?.keys === keys) gathering = undefined;
      return readAll(table, keys);
    })();
    return { keys, found };
  };

  return async (keys) => {
    if (gathering === undefined || gathering.keys.size + keys.length > MAX_BATCH) gathering = begin();
    for (const key of keys) gathering.keys.set(mapKey(key), key);
    const found = await gathering.found;
    return keys.map((key) => found.get(mapKey(key)));
  };
}

async function readAll(table: ReadTable, keys: ReadonlyMap<string, Key>): Promise<Found> {
  const [only, ...more] = keys.values();
  const isOne = only !== undefined && more.length === 0;
  const items = isOne ? [await getLiveItem(table, only)] : await getLiveItems(table, [...keys.values()]);
  return new Map([...keys.keys()].map((name, index) => [name, items[index]]));
}
