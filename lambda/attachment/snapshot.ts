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

export interface SnapshotMethod {
  /** `NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`. */
  readonly authorizationType: string;
  /** An export tells an authorizer's name, and never its id. */
  readonly authorizerName?: string | undefined;
  /** Sorted; what an authorizer of a user pool asks of a token. */
  readonly authorizationScopes: readonly string[];
  readonly apiKeyRequired: boolean;
  /** All else that both tell: integration, responses, parameters, … */
  readonly rest: Spelled;
}
