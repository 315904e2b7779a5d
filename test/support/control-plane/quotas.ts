/**
 * The quotas of API Gateway's control plane, an account's and a region's: fixed ones for an operation (the strictest
 * reading: never more within any such time), and one for all, with a burst. Whether refused calls count is
 * **unproven**: here they do not. No `Retry-After` is sent, since nobody was seen to get one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: CreateDeployment 1 per 5 s,
 * GetResources 5 per 2 s, all operations 10 per second with a burst of 40
 */
import type { Operation } from './call.ts';

export interface Quotas {
  readonly operations: Readonly<
    Partial<Record<Operation, { readonly calls: number; readonly withinMs: number }>>
  >;
  readonly all: { readonly perSecond: number; readonly burst: number };
}

export const AWS_QUOTAS: Quotas = {
  operations: {
    CreateDeployment: { calls: 1, withinMs: 5_000 },
    GetResources: { calls: 5, withinMs: 2_000 },
  },
  all: { perSecond: 10, burst: 40 },
};

export const NO_QUOTAS: Quotas = { operations: {}, all: { perSecond: 1e9, burst: 1e9 } };

/** @returns whether a call at this moment is within all quotas; it then counts. */
export function createMeter({ operations, all }: Quotas): (operation: Operation, nowMs: number) => boolean {
  const taken = new Map<Operation, number[]>();
  let tokens = all.burst;
  let filledMs = Number.NaN;
  return (operation, nowMs) => {
    if (!Number.isNaN(filledMs))
      tokens = Math.min(all.burst, tokens + ((nowMs - filledMs) / 1000) * all.perSecond);
    filledMs = nowMs;
    const quota = operations[operation];
    const recent = (taken.get(operation) ?? []).filter((atMs) => quota && nowMs - atMs < quota.withinMs);
    taken.set(operation, recent);
    if (tokens < 1 || (quota && recent.length >= quota.calls)) return false;
    tokens -= 1;
    recent.push(nowMs);
    return true;
  };
}
