import type { MethodName, Protection } from './live.ts';
import type { Wish } from './wish.ts';

/**
 * What was there before, and how far the engine has come: written before the first change, so that whoever comes after a
 * kill can go on, and a detachment can put back exactly what was there. One header for each API, and one record for each
 * method. Every write of the header is conditional on its owner and on the lease.
 */
export interface Journal {
  /** Consistent. @throws JournalUnavailable, as all of these */
  read(restApiId: string): Promise<JournalState | undefined>;
  /**
   * Takes the header for one run at a time: makes it where there is none.
   * @returns `foreign` with the owner when it is another's; `busy` when another run holds it.
   */
  claim(
    wish: Wish,
    run: Run,
  ): Promise<{ kind: 'claimed' } | { kind: 'foreign'; owner: string } | { kind: 'busy'; untilMs: number }>;
  /** Changes parts of the header. @throws LeaseLost when another run has it by now */
  update(restApiId: string, run: Run, change: Partial<Progress>): Promise<void>;
  /** Keeps what was there first: a record that is there stays as it is. */
  rememberMethod(restApiId: string, method: JournaledMethod): Promise<void>;
  forgetMethod(restApiId: string, name: MethodName): Promise<void>;
  /** Gives the header back to the next run. */
  release(restApiId: string, run: Run): Promise<void>;
  /** After a detachment: header and records. */
  forget(restApiId: string, run: Run): Promise<void>;
}

/** One run of the engine, and until when nobody else may take its place. */
export interface Run {
  readonly id: string;
  readonly untilMs: number;
}

export interface JournalState extends Progress {
  readonly restApiId: string;
  readonly owner: string;
  readonly methods: readonly JournaledMethod[];
}

export interface Progress {
  /** What was asked for last. */
  readonly wish: Wish;
  readonly phase: 'attaching' | 'attached' | 'detaching';
  /** The deployment of this run, made and not yet everywhere; its id tells a resumed run not to make another. */
  readonly deploymentId: string | undefined;
  /** For each attached stage: what it served before the first attachment, and what the engine gave it last. */
  readonly stages: Readonly<Record<string, { readonly before: string; readonly ours?: string | undefined }>>;
}

/** A method that is the attachment's, with what stood before it at first. */
export interface JournaledMethod extends MethodName {
  readonly prior: Protection & {
    /** A re-import gives authorizers new ids. */
    readonly authorizerName?: string | undefined;
  };
}
