/**
 * Works on several items at a time, and takes the next one only when it can begin with it: what waits is in the
 * source.
 * @param work which says whether to go on; after a no, nothing more is taken, and what runs is waited for.
 */
export async function eachAtOnce<T>(
  items: AsyncGenerator<T>,
  count: number,
  work: (item: T) => Promise<boolean>,
): Promise<void> {
  let goesOn = true;
  const worker = async () => {
    while (goesOn) {
      const next = await items.next();
      if (next.done === true || !goesOn) return;
      if (!(await work(next.value))) goesOn = false;
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: count }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await items.return(undefined);
  }
}
