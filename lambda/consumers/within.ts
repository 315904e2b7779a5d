/**
 * What is waited for, or what `late` makes of its not being there in time. What comes after that is not heard of.
 * @param limitMs milliseconds.
 * @param late asked when they are over: what it gives is given, what it throws is thrown.
 */
export async function within<T>(work: Promise<T>, limitMs: number, late: () => T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  try {
    return await Promise.race([work, isOver.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
