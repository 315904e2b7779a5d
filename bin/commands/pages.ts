import { type ConsumerApi, call, type Json } from '../consumers/consumer-api.ts';

const PAGE = 500;

/**
 * All records of a list, a page at a time: no list is too long for an answer, or for memory.
 * @param member of the answer, which holds the records.
 */
export async function* pagesOf(api: ConsumerApi, path: string, member: string): AsyncGenerator<Json> {
  let start: unknown = 0;
  do {
    const query = `?start=${encodeURIComponent(String(start))}&count=${PAGE}`;
    const answer = await call(api, { method: 'GET', path: `${path}${query}` });
    yield* (answer[member] ?? []) as readonly Json[];
    // An Admin API that knows no pages of this list answers all at once.
    start = answer['nextKey'] ?? 0;
  } while (start !== 0);
}
