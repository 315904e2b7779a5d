import type { JournaledMethod } from './journal.ts';
import type { LiveAuthorizer, LiveMethod, Protection } from './live.ts';
import type { Snapshot } from './snapshot.ts';

/** What is to be done, in the order of its members; or why nothing is. Nothing here calls anybody. */
export type Planned =
  | { readonly kind: 'refused'; readonly refusals: readonly Finding[]; readonly warnings: readonly Finding[] }
  | { readonly kind: 'plan'; readonly plan: Plan; readonly warnings: readonly Finding[] };

export interface Plan {
  /** Methods whose prior state is to be journaled before anything is changed. */
  readonly remember: readonly JournaledMethod[];
  /** To be made, or changed where they have an id. */
  readonly authorizers: readonly WantedAuthorizer[];
  readonly methods: readonly MethodChange[];
  /** Stages that do not serve yet what the working copy will hold; empty: no deployment. */
  readonly stages: readonly string[];
  /** What the working copy will hold, and those stages with it: whatever else is found there slipped in meanwhile. */
  readonly intended: Snapshot;
  /** What every selected method of those stages must show afterwards, by `GET /orders`: the authorizer's name. */
  readonly expected: ReadonlyMap<string, ExpectedMethod>;
  /** Methods that are no longer the attachment's once the stages serve it. */
  readonly forget: readonly JournaledMethod[];
  /** Authorizers of ours that nothing of the plan uses: removed as soon as no stage's deployment refers to them. */
  readonly retire: readonly LiveAuthorizer[];
}

export interface WantedAuthorizer extends Omit<LiveAuthorizer, 'id'> {
  /** Of the one that is there under this name. */
  readonly id?: string | undefined;
}

export interface MethodChange {
  readonly method: LiveMethod;
  readonly to: { readonly authorizationType: string; readonly authorizerName?: string | undefined } & Pick<
    Protection,
    'authorizerId'
  >;
}

export interface ExpectedMethod {
  readonly authorizationType: string;
  readonly authorizerName?: string | undefined;
}

/** Something to say about a plan. The code is for programs and tests, the message for people: what was found, and what to do. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
  /** The methods (`GET /orders`), stages or owners that it is about. */
  readonly subjects: readonly string[];
}

export type FindingCode =
  // refusals
  | 'api_not_found'
  | 'stage_not_found'
  | 'selector_matches_nothing'
  | 'selector_splits_method'
  | 'options_selected'
  | 'nothing_selected'
  | 'pending_edits'
  | 'canary'
  | 'protected_by_other'
  | 'attached_elsewhere'
  | 'foreign_journal'
  | 'conditional_resource_policy'
  | 'prior_authorizer_gone'
  // warnings
  | 'any_without_options'
  | 'data_tracing'
  | 'stage_inherits'
  | 'changed_by_other'
  | 'exclusion_partial';
