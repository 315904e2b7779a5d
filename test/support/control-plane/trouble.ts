/** What a test makes of a call instead of, or beside, what the model would answer. */
import type { Operation } from './call.ts';

export type Trouble =
  /** Refused without any effect, such as `{ error: 'InternalFailure', status: 500 }`. */
  | { readonly error: string; readonly status: number }
  /** No answer, before or after it took effect. `forGood`: from then on nothing is answered, until `revive`. */
  | { readonly lost: 'before' | 'after'; readonly forGood?: true }
  /** Answered as ever, but later. */
  | { readonly slowMs: number };

/** What trouble is chosen by: every call has its number, from 1, among all and among those of its operation. */
export interface Numbered {
  readonly operation: Operation;
  readonly index: number;
  readonly nth: number;
}

export type TroubleMaker = (call: Numbered) => Trouble | undefined;

/** Whoever calls is cut off for good at the n-th call, from 1, before or after its effect. */
export const killedAt =
  (index: number, lost: 'before' | 'after'): TroubleMaker =>
  (call) =>
    call.index === index ? { lost, forGood: true } : undefined;

/** AWS's own ways to say that it was not the caller's fault, for calls that the test chooses. */
export const PASSING: Readonly<Record<'internal' | 'unavailable' | 'concurrent' | 'throttled', Trouble>> = {
  internal: { error: 'InternalFailure', status: 500 },
  unavailable: { error: 'ServiceUnavailableException', status: 503 },
  // terraform-provider-aws 776: "Unable to complete operation due to concurrent modification."
  concurrent: { error: 'ConflictException', status: 409 },
  throttled: { error: 'TooManyRequestsException', status: 429 },
};
