import { type ConsumerApi, call, pathTo, Refused } from '../../consumers/consumer-api.ts';

/** Lines of one holder come together, or there are few of them; more would be memory. */
const REMEMBERED_AT_MOST = 1_000;

export interface HolderIds {
  /** Whether a record's holder is the one that a line names. @param reference an id or a name. */
  isIdOf(id: unknown, reference: unknown): Promise<boolean>;
}

/**
 * Which ids the names in lines stand for. For one run, which does not look twice.
 * @param lists where holders are, the first one first.
 */
export function openHolderIds(api: ConsumerApi, lists: readonly ('users' | 'apps')[]): HolderIds {
  const known = new Map<string, Promise<string | undefined>>();
  const idOf = (reference: string) => {
    const remembered = known.get(reference);
    if (remembered !== undefined) return remembered;
    if (known.size >= REMEMBERED_AT_MOST) known.clear();
    const looking = lookUp(api, lists, reference);
    known.set(reference, looking);
    return looking;
  };
  return {
    isIdOf: async (id, reference) =>
      reference === id || (typeof reference === 'string' && (await idOf(reference)) === id),
  };
}

async function lookUp(
  api: ConsumerApi,
  lists: readonly string[],
  reference: string,
): Promise<string | undefined> {
  // Dots are folders in a URL.
  if (!/[^.]/.test(reference)) return undefined;
  for (const list of lists) {
    try {
      return String((await call(api, { method: 'GET', path: pathTo(list, reference) }))['id']);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // An ambiguous name stands for nobody.
      if (error.status !== 404) return undefined;
    }
  }
  return undefined;
}
