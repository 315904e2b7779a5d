import type { JournaledMethod } from './journal.ts';
import type { LiveAuthorizer, LiveMethod, Protection } from './live.ts';
import type { Snapshot } from './snapshot.ts';

/** What is to be done, in the order of its members; or why nothing is. Nothing here calls anybody. */
export type Planned =
  | { readonly kind: 'refused'; readonly refusals: readonly Finding[]; readonly warnings: readonly Finding[] }
  | { readonly kind: 'plan'; readonly plan: Plan; readonly warnings: readonly Finding[] };

export interface Plan {
  /**
   * Methods whose prior state is to be journaled before anything is changed. A record that is there is forgotten
   * first: the API's owner set something else since.
   */
  readonly remember: readonly JournaledMethod[];
  /** To be made, or changed where they have an id. */
  readonly authorizers: readonly WantedAuthorizer[];
  readonly methods: readonly MethodChange[];
  /** Stages that do not serve yet what is expected; empty: no deployment. */
  readonly stages: readonly string[];
  /** What the working copy will hold, and those stages with it: whatever else is found there slipped in meanwhile. */
  readonly intended: Snapshot;
  /** What the methods of those stages that the plan is about must show afterwards, by `GET /orders`. */
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
  /** Without an id where the authorizer of this name is still to be made. */
  readonly to: ExpectedMethod & Pick<Protection, 'authorizerId'>;
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
  | 'path_not_understood'
  | 'pending_edits'
  | 'canary'
  | 'protected_by_other'
  | 'attached_elsewhere'
  | 'foreign_journal'
  | 'conditional_resource_policy'
  | 'prior_authorizer_gone'
  | 'too_many_authorizers'
  // warnings; `pending_edits` too, with leave to publish them
  | 'any_without_options'
  | 'base_left_open'
  | 'changed_by_other'
  | 'data_tracing'
  | 'exclusion_partial'
  | 'policy_allows_nobody'
  | 'prior_unknown'
  | 'stage_inherits'
  | 'stage_left';
