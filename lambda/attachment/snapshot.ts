/**
 * An API as far as both its working copy and a stage's export tell it, so that the two can be compared. There is no
 * export of a working copy.
 */
export interface Snapshot {
  /** By `GET /orders`. */
  readonly methods: ReadonlyMap<string, SnapshotMethod>;
  /** By name; those alone that a method uses, since an export tells no others. */
  readonly authorizers: ReadonlyMap<string, SnapshotAuthorizer>;
}

export interface SnapshotMethod {
  readonly authorizationType: string;
  /** An export tells an authorizer's name, and never its id. */
  readonly authorizerName?: string | undefined;
  readonly apiKeyRequired: boolean;
  /** All else that both tell (integration, scopes, responses, …), in one spelling. */
  readonly rest: string;
}

export interface SnapshotAuthorizer {
  /** In one spelling. */
  readonly properties: string;
}
