/**
 * An API as far as both its working copy and a stage's export tell it, so that the two can be compared. There is no
 * export of a working copy.
 */
export interface Snapshot {
  /** By `GET /orders`. */
  readonly methods: ReadonlyMap<string, SnapshotMethod>;
  /** By name. An export tells those alone that a method uses; a working copy may hold more. */
  readonly authorizers: ReadonlyMap<string, Spelled>;
  /** What belongs to the API as a whole, such as its binary media types. */
  readonly api: Spelled;
}

/** Settings by their names, each as canonical JSON, in one spelling for both sides. What is at its default is left out. */
export type Spelled = Readonly<Record<string, string>>;

export interface SnapshotMethod extends SnapshotProtection {
  readonly apiKeyRequired: boolean;
  /** All else that both tell: integration, responses, parameters, … */
  readonly rest: Spelled;
}

export interface SnapshotProtection {
  /** `NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`. */
  readonly authorizationType: string;
  /** An export tells an authorizer's name, and never its id. */
  readonly authorizerName?: string | undefined;
  /** Sorted. */
  readonly authorizationScopes: readonly string[];
}
