/** Pages of lists, and lists without pages. */
import type { Context } from 'hono';
import type { Page, PageRequest } from '../consumers/store.ts';
import type { JsonSchema } from './json-schema.ts';
import { Refusal } from './refusal.ts';

const MAX_COUNT = 1_000;
const ALL_AT_A_TIME = 100;

/** How {@link readPage} is asked. */
export const pageQuery = {
  start: { type: 'string', description: 'The nextKey of the page before' },
  count: {
    type: 'integer',
    minimum: 1,
    default: 100,
    description: `About how many; at most ${MAX_COUNT} are answered`,
  },
} as const satisfies Record<string, JsonSchema>;

/**
 * @returns the records from `start` (the `nextKey` before; 0: from the beginning), about `count` of them, and
 * the `nextKey`: 0 at the end. Never an empty page before the end.
 * @throws Refusal 400
 */
export async function readPage<T>(
  context: Context,
  list: (page: PageRequest) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly nextKey: string | 0 }> {
  const { start = '0', count = '100' } = context.req.query();
  const limit = Number(count);
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new Refusal(400, 'count must be a whole number from 1');
  let after = start === '0' || start === '' ? undefined : start;
  for (;;) {
    const page = await list({ limit: Math.min(limit, MAX_COUNT), ...(after !== undefined && { after }) });
    after = page.next;
    if (page.items.length > 0 || after === undefined) return { items: page.items, nextKey: after ?? 0 };
  }
}

/** How {@link readPageOrAll} is asked. */
export const optionalPageQuery = {
  start: pageQuery.start,
  count: {
    type: 'integer',
    minimum: 1,
    description: `As of the other lists; without start and count, all are answered, and no nextKey`,
  },
} as const satisfies Record<string, JsonSchema>;

/**
 * For lists that Express Gateway answers whole: a page when one is asked for, as {@link readPage}; else all. In
 * AWS an answer has at most 6 MB, some 20,000 credentials.
 * @throws Refusal 400
 */
export async function readPageOrAll<T>(
  context: Context,
  list: (page: PageRequest) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly nextKey?: string | 0 }> {
  const { start, count } = context.req.query();
  return start === undefined && count === undefined
    ? { items: await readAll(list) }
    : readPage(context, list);
}

async function readAll<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const page: Page<T> = await list({ limit: ALL_AT_A_TIME, ...(after !== undefined && { after }) });
    for (const item of page.items) all.push(item);
    after = page.next;
  } while (after !== undefined);
  return all;
}
