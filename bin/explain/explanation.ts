/** An answer to "why?", for a person and for a program. */

export interface Explanation {
  /** `failed`: a 500, whatever the token. `unknown`: what it depends on could not be reached from here. */
  readonly decision: 'allowed' | 'denied' | 'failed' | 'unknown';
  /** Why not: a denial's code, or a {@link ReasonCode}. */
  readonly code?: string;
  /** What of the code the caller is told, where the answer says it. */
  readonly publicCode?: string;
  /** The moment that is explained: ISO 8601. */
  readonly at: string;
  readonly request: {
    readonly method: string;
    /** Without the query. */
    readonly path: string;
    /** Of the API, such as `/orders/{id}`; absent where none takes the path, or the event does not say it. */
    readonly resource?: string;
  };
  /** In the order in which they were taken. */
  readonly steps: readonly ExplainedStep[];
  readonly response: {
    /** Null where API Gateway does not answer itself: the API does, or nobody can tell. */
    readonly status: number | null;
    readonly body?: string;
    readonly principalId?: string;
  };
  readonly cache: CacheUse;
  readonly revocation: RevocationTerms;
}

export interface RevocationTerms {
  /** The longest that what was taken away still counts; null where nothing is looked up, and so nothing can be. */
  readonly seconds: number | null;
  /** The same when no flush of API Gateway's cache succeeds. */
  readonly secondsWithoutFlushes: number | null;
  readonly text: string;
}

export interface CacheUse {
  /** How long API Gateway keeps this answer; 0: it does not. */
  readonly seconds: number;
  /** What an answer is kept under, as API Gateway spells it; empty where nothing is kept. */
  readonly identitySources: readonly string[];
  readonly text: string;
}

export type StepName =
  | 'method'
  | 'identity'
  | 'token'
  | 'format'
  | 'policy'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'claim'
  | 'credential'
  | 'consumer'
  | 'revocation'
  | 'scopes'
  | 'rule'
  | 'plan'
  | 'answer';

export interface ExplainedStep {
  readonly step: StepName;
  /** Of a claim, or a check: `types`, `typ` (the header's), `age`. */
  readonly name?: string;
  /** The policy's index, where it is one's own step. */
  readonly policy?: number;
  /** `noted`: it decides nothing by itself. `skipped`: nothing was asked for. */
  readonly outcome: 'passed' | 'denied' | 'unknown' | 'failed' | 'noted' | 'skipped';
  readonly code?: string;
  readonly wanted?: unknown;
  readonly got?: unknown;
  /** False: the token says so, and nobody vouches for it. */
  readonly verified?: false;
  /** For a person; its words may change. */
  readonly text: string;
  /** What to do about it, at the step that ended the request. */
  readonly remedy?: string;
}

/** Codes beside those of denials. */
export const REASONS = {
  no_such_method: 'the API has no such method; check the path, and `routes` for what the API serves',
  headers_too_large: 'API Gateway takes 10,240 bytes of headers; send fewer',
  identity_source_missing:
    'send the token where the policy looks for it; without it API Gateway answers itself and the function is not asked',
  explicit_deny:
    'the path is spelled in a way that another reader takes for another path; send it plainly: no //, dot segments or encoded slashes',
  no_statement_matched:
    'the answer that was made for this token names other methods than this one; write to the project, this should not be',
  event_malformed:
    'give what a REST API of this configuration sends its authorizer, which is not what a Lambda behind it or an HTTP API gets; deploy the stack again if a route was given scopes since',
  api_key_missing:
    'the caller has no API key: make the credential with one, jwt-authorizer credentials create --plan NAME',
  api_key_unknown:
    "the credential's API key is in no plan of the configuration; make another with --plan NAME",
  key_unreachable:
    'try where the key can be reached; if the function cannot reach it either, every token of this policy gets a 500',
  table_unreachable:
    'try where the table can be reached; if the function cannot reach it either, every token of this policy gets a 500',
  function_failed: 'the function would fail; its log says why',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof REASONS;
