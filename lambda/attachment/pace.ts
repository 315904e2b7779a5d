/**
 * API Gateway's control plane allows an account 10 calls a second in all, and fewer of some: whoever goes faster is
 * refused, and so is everybody else who works on the account's APIs meanwhile.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: CreateDeployment 1 per 5 s,
 * GetResources 5 per 2 s, all operations 10 per second with a burst of 40
 */
export interface Pace {
  /** Between the beginnings of any two calls. */
  readonly everyMs: number;
  /** Between those of two calls of one operation, by its name. */
  readonly operationEveryMs: Readonly<Record<string, number>>;
}

/** Leaves a part of the quotas to others, and some time for calls that arrive closer together than they went out. */
export const PACE: Pace = {
  everyMs: 125,
  operationEveryMs: { UpdateMethod: 200, GetResources: 500, CreateDeployment: 5_200 },
};

/** @returns what to wait for before each call; calls come one after the other. */
export function createPacer(
  { everyMs, operationEveryMs }: Pace,
  { now, sleep }: { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> },
): (operation: string) => Promise<void> {
  let lastMs = Number.NEGATIVE_INFINITY;
  const lastOfMs = new Map<string, number>();
  return async (operation) => {
    const nextOfMs =
      (lastOfMs.get(operation) ?? Number.NEGATIVE_INFINITY) + (operationEveryMs[operation] ?? 0);
    const waitMs = Math.max(lastMs + everyMs, nextOfMs) - now();
    if (waitMs > 0) await sleep(waitMs);
    lastMs = now();
    lastOfMs.set(operation, lastMs);
  };
}
