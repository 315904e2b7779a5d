import type { MethodName, Protection } from './live.ts';
import type { Wish } from './wish.ts';

/**
 * What was there before, and how far the engine has come: written before the first change, so that whoever comes after a
 * kill can go on, and a detachment can put back exactly what was there. One header for each API, and one record for each
 * method. Every write of the header is conditional on the run that holds it; records are written by that run alone.
 */
export interface Journal {
  /**
   * Consistent.
   * @returns undefined where nothing was accepted yet, a mere claim included. @throws JournalUnavailable, as all of these
   */
  read(restApiId: string): Promise<JournalState | undefined>;
  /**
   * Takes the header for one run at a time: makes it where there is none.
   * @returns `foreign` with the owner when it is another's; `busy` when another run holds it.
   */
  claim(restApiId: string, owner: string, run: Run): Promise<Claim>;
  /** Holds it until later. @throws LeaseLost when another run has it by now, as `update` and `forget` */
  renew(restApiId: string, run: Run): Promise<void>;
  /** Changes parts of the header; what is given as undefined goes. */
  update(restApiId: string, run: Run, change: Partial<Progress>): Promise<void>;
  /** Keeps what was there first: a record that is there stays as it is. */
  rememberMethod(restApiId: string, method: JournaledMethod): Promise<void>;
  forgetMethod(restApiId: string, name: MethodName): Promise<void>;
  /** Gives the header back to the next run; one that only claimed leaves nothing behind. Nothing where it is lost. */
  release(restApiId: string, run: Run): Promise<void>;
  /** After a detachment: records, then the header. */
  forget(restApiId: string, run: Run): Promise<void>;
}

export type Claim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'foreign'; readonly owner: string }
  | { readonly kind: 'busy'; readonly untilMs: number };

/** One run of the engine, and until when nobody else may take its place. */
export interface Run {
  readonly id: string;
  /** Since 1970. */
  readonly untilMs: number;
}

export interface JournalState extends Progress {
  readonly restApiId: string;
  readonly owner: string;
  readonly methods: readonly JournaledMethod[];
  /** A run holds it until then at most, since 1970; undefined: none does. */
  readonly heldUntilMs?: number | undefined;
}

export interface Progress {
  /** What was asked for last, and accepted. */
  readonly wish: Wish;
  readonly phase: 'attaching' | 'attached' | 'detaching';
  /** Made by a run, and not yet everywhere where it should be. */
  readonly deployment?: PendingDeployment | undefined;
  /** Every stage that the engine ever moved, by name. */
  readonly stages: Readonly<Record<string, JournaledStage>>;
}

export interface PendingDeployment {
  /** Its description, by which a run finds the deployment of another that was killed before it got the answer. */
  readonly description: string;
  /** All that it is to hold, by `contentOf`: another one is made when that has changed. */
  readonly content: string;
  /** What its stages served when it was made: where somebody else moved one since, another deployment is made. */
  readonly replaces: Readonly<Record<string, string>>;
}

export interface JournaledStage {
  /** The deployment that it served before the first attachment. */
  readonly before: string;
  /** The one that the engine gave it last. */
  readonly ours?: string | undefined;
  /** It is being moved: what it serves is not looked at yet, or its cache not emptied. */
  readonly moving?: { readonly from: string; readonly to: string; readonly content: string } | undefined;
}

/** A method that is the attachment's, with what stood before it at first. */
export interface JournaledMethod extends MethodName {
  readonly prior: Protection & {
    /** A re-import gives authorizers new ids. */
    readonly authorizerName?: string | undefined;
  };
}

/** The journal's table cannot be reached, or holds what the engine did not write. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
}

/** Another run holds the header: whatever this one would do now could undo what the other does. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
