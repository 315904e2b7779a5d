import { ControlPlaneRefused, ControlPlaneUnavailable } from './control-plane.ts';
import { JournalUnavailable, LeaseLost } from './journal.ts';
import type { DetachOutcome, Halted, ReconcileOutcome } from './run.ts';

/**
 * The work is not done, and goes on when it is begun again. Thrown out of the function: Lambda then invokes it again with the
 * same event, after one minute and after two more, and tells `givenUp` when that was not enough.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class ComesAgain extends Error {
  override readonly name = 'ComesAgain';
}

export interface Patience {
  /** After it nothing new is begun. Milliseconds since 1970. */
  readonly untilMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
/** Runs of the engine within one invocation, where somebody edits the API at the same time. */
const MAX_RUNS = 3;
/**
 * How long a denied permission counts as one that is not known everywhere yet: the stack made it seconds ago.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
const PERMISSIONS_SPREAD_MS = 60_000;

type Outcome = ReconcileOutcome | DetachOutcome;
export type Settled<T extends Outcome> = Exclude<T, Extract<Halted, { kind: 'busy' | 'unfinished' }>>;

/**
 * Runs the engine until it has come to an end: waits for another run and for permissions that are new, and begins again
 * where somebody edited meanwhile.
 * @throws ComesAgain when the time is over, or API Gateway or the journal cannot be reached; what the engine throws besides
 */
export async function untilSettled<T extends Outcome>(
  run: () => Promise<T>,
  { untilMs, now, sleep }: Patience,
): Promise<Settled<T>> {
  const deniedUntilMs = Math.min(now() + PERMISSIONS_SPREAD_MS, untilMs);
  for (let runs = 1; ; ) {
    const outcome = await run().catch((error) => {
      if (isDenied(error) && now() < deniedUntilMs) return DENIED;
      throw passes(error) ? new ComesAgain((error as Error).message, { cause: error }) : error;
    });
    if (outcome.kind === 'unfinished') throw new ComesAgain('time ran out');
    if (outcome.kind === 'denied') await sleep(LONGEST_WAIT_MS);
    else if (outcome.kind === 'busy') {
      if (now() + SHORTEST_WAIT_MS > untilMs) throw new ComesAgain('another run is at work on this API');
      const wanted = Math.max(outcome.untilMs - now(), SHORTEST_WAIT_MS);
      await sleep(Math.min(wanted, LONGEST_WAIT_MS, untilMs - now()));
    } else if (outcome.kind === 'changed_meanwhile' && runs < MAX_RUNS) runs += 1;
    else return outcome as Settled<T>;
  }
}

const DENIED = { kind: 'denied' } as const;

const isDenied = (error: unknown): boolean =>
  error instanceof ControlPlaneRefused &&
  error.cause instanceof Error &&
  error.cause.name.startsWith('AccessDenied');

const passes = (error: unknown): boolean =>
  [ControlPlaneUnavailable, JournalUnavailable, LeaseLost].some((kind) => error instanceof kind);
