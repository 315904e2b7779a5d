/** What `reconcile` and `detach` work with, and how they end. */
import type { ControlPlane } from './control-plane.ts';
import type { Journal } from './journal.ts';
import type { Live } from './live.ts';
import type { Finding, Plan } from './plan.ts';
import type { Wish } from './wish.ts';

/**
 * Makes an API what the wish says: attaches, changes the selection, moves to another version of the function, or goes on
 * where a run was killed. Changes nothing where nothing differs.
 * @throws ControlPlaneUnavailable, ControlPlaneRefused, JournalUnavailable, LeaseLost: called again, it goes on
 */
export type Reconcile = (
  wish: Wish,
  dependencies: Dependencies,
  options?: Options,
) => Promise<ReconcileOutcome>;

/**
 * Puts back what was there before the first attachment, as far as it is this owner's and nobody changed it since.
 * @throws as {@link Reconcile}
 */
export type Detach = (
  restApiId: string,
  owner: string,
  dependencies: Dependencies,
  options?: DetachOptions,
) => Promise<DetachOutcome>;

/**
 * Attaches again what is attached, by the wish that the journal has once this run holds it: whoever looked before may
 * have seen an older one, or one that was detached since.
 * @throws as {@link Reconcile}
 */
export type Reattach = (
  restApiId: string,
  owner: string,
  dependencies: Dependencies,
  options?: Omit<Options, 'dryRun'>,
) => Promise<ReattachOutcome>;

export interface Dependencies {
  readonly controlPlane: ControlPlane;
  readonly journal: Journal;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Names runs and deployments, each once. @default random UUIDs */
  readonly newId?: (() => string) | undefined;
  /** @default real time */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

export interface Options {
  /** Plans only: nothing is written, neither to the API nor to the journal. @default false */
  readonly dryRun?: boolean | undefined;
  /**
   * The engine begins no call after it (milliseconds since 1970) and ends as `unfinished`. A call that is under way may
   * take {@link LONGEST_CALL_MS} more. @default never
   */
  readonly untilMs?: number | undefined;
  /** The engine begins no call after it is aborted and ends as `unfinished`: somebody pressed Ctrl-C. @default never */
  readonly signal?: AbortSignal | undefined;
  /** Told before each step. */
  readonly tell?: ((step: Step) => void) | undefined;
}

export interface DetachOptions extends Options {
  /** Whether edits that others have not deployed yet may go live with it. @default as the attachment's wish has it */
  readonly deployPendingChanges?: boolean | undefined;
}

/** Progress, for a person. */
export interface Step {
  readonly step: StepName;
  /** Of this kind of step, before this one. */
  readonly done: number;
  readonly of: number;
  /** A method (`GET /orders`), a stage, an authorizer, or the API. */
  readonly subject: string;
}

export type StepName =
  | 'read'
  | 'journal'
  | 'authorizer'
  | 'method'
  | 'deployment'
  | 'verify'
  | 'stage'
  | 'flush'
  | 'retire'
  | 'forget';

/** The longest that one call takes, with all its repetitions. */
export const LONGEST_CALL_MS = 90_000;

interface Warned {
  readonly warnings: readonly Finding[];
}

/** A plan, and the API that it was made for: who shows it tells of the methods that stay as they are too. */
interface PlannedFor extends Warned {
  readonly plan: Plan;
  /** As it was read before anything was changed. */
  readonly live: Live;
}

/** How a run ended short of its end. Called again it goes on; only `refused` needs somebody to do something first. */
export type Halted =
  /** Nothing was changed. */
  | (Warned & { readonly kind: 'refused'; readonly refusals: readonly Finding[] })
  /** Another run is at work, until then at most. */
  | { readonly kind: 'busy'; readonly untilMs: number }
  /** Time ran out. */
  | { readonly kind: 'unfinished' }
  /**
   * Somebody changed the API while the engine was at work: no stage serves what was not looked at. The subjects are
   * methods (`GET /orders`), authorizers and stages, as far as they are known.
   */
  | { readonly kind: 'changed_meanwhile'; readonly subjects: readonly string[] };

export type ReconcileOutcome =
  | Halted
  /** For a dry run. */
  | (PlannedFor & { readonly kind: 'planned' })
  /** All is as wished; the plan tells what was done for it. */
  | (PlannedFor & { readonly kind: 'attached'; readonly isChanged: boolean });

export type ReattachOutcome =
  | ReconcileOutcome
  /** Nothing is attached any more, or it is about to be detached. */
  | { readonly kind: 'not_attached' };

export type DetachOutcome =
  | Halted
  | (PlannedFor & { readonly kind: 'planned' })
  | (PlannedFor & { readonly kind: 'detached' })
  /** There is nothing of this owner's: no journal, another's (`owner`), or the API is gone. */
  | { readonly kind: 'not_attached'; readonly owner?: string | undefined }
  /** All is put back, but these stages still refer to the authorizer until they are deployed anew. */
  | (Warned & { readonly kind: 'authorizer_in_use'; readonly stages: readonly string[] });
