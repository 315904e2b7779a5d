/** How many requests are under way at a time: no more than the embedded table does. */
export const AT_ONCE = 8;

/**
 * Works on several items at a time, and takes the next one only when it can begin with it: what waits is in the
 * source. The first failure ends it, when what is under way has ended.
 * @param signal keeps it from beginning with more.
 * @throws the first failure.
 */
export async function eachAtOnce<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failed: { readonly error: unknown } | undefined;
  const goesOn = () => failed === undefined && signal?.aborted !== true;
  const worker = async () => {
    while (goesOn()) {
      const next = await source.next();
      if (next.done === true || !goesOn()) return;
      await work(next.value);
    }
  };
  const noted = () =>
    worker().catch((error: unknown) => {
      failed ??= { error };
    });
  await Promise.all(Array.from({ length: AT_ONCE }, noted));
  await source.return?.();
  if (failed !== undefined) throw failed.error;
}
