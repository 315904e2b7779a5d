/** How many requests are under way at a time: no more than the embedded table does. */
const AT_ONCE = 8;

/**
 * Does the same to all, several at a time. The first failure ends it, when what is under way has ended.
 * @param signal keeps it from beginning with more.
 */
export async function atOnce<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const left = [...items].reverse();
  let hasFailed = false;
  const worker = async () => {
    const goesOn = () => !hasFailed && signal?.aborted !== true;
    for (let item = left.pop(); item !== undefined && goesOn(); item = left.pop()) {
      await work(item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
