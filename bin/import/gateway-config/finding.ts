import type { ProblemCode as ConfigProblemCode } from '../../../lambda/config/problem.ts';

/** Something to know about an import: where in the gateway's file, and what to do. Never holds a secret. */
export interface Finding {
  /** Stable; what tests and tools match. */
  readonly code: FindingCode;
  /** Path in `gateway.config.yml`, such as `pipelines.orders.policies[0].jwt`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type FindingCode = ProblemCode | WarningCode | LeftOutCode;

/** Nothing is written while there is one of these; those of our own parser are among them. */
type ProblemCode =
  | ConfigProblemCode
  | 'gateway_config_invalid'
  | 'variable_missing'
  | 'secret_is_null'
  | 'secret_not_text'
  | 'key_file_ambiguous'
  | 'jwt_missing'
  | 'jwt_chain_unsupported'
  | 'pipelines_differ'
  | 'pipeline_unknown'
  | 'path_untranslatable';

/** What works otherwise than it did. */
type WarningCode =
  | 'condition_left_out'
  | 'jwt_step_never_runs'
  | 'jwt_step_without_effect'
  | 'jwt_order_reversed'
  | 'pass_through_left_out'
  | 'anonymous_now_refused'
  | 'authentication_left_out'
  | 'plugin_left_out'
  | 'private_key_replaced'
  | 'key_option_misspelt'
  | 'forgeable_algorithms_left_out'
  | 'claim_unchecked'
  | 'tokens_without_exp'
  | 'short_secret'
  | 'secret_not_deployable'
  | 'answers_are_cached'
  | 'pipeline_without_jwt'
  | 'endpoint_without_pipeline'
  | 'endpoint_unknown'
  | 'endpoint_in_several_pipelines'
  | 'endpoint_never_matches'
  | 'paths_not_limited'
  | 'host_left_out'
  | 'method_left_out'
  | 'path_widened'
  | 'rules_overlap'
  | 'scopes_now_enforced'
  | 'scopes_left_out'
  | 'scopes_without_jwt'
  | 'upstream_left_out'
  | 'cors_left_out'
  | 'authorizer_warning';

/** What has no counterpart here, or is not asked for. */
type LeftOutCode = 'section_left_out' | 'policy_left_out' | 'option_left_out' | 'pipeline_left_out';

/** What an import has to say, in the order in which it was found. */
export interface Findings {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly leftOut: readonly Finding[];
}

export interface Notes extends Findings {
  problem(code: ProblemCode, path: string, message: string): void;
  warn(code: WarningCode, path: string, message: string): void;
  leaveOut(code: LeftOutCode, path: string, message: string): void;
}

export function takeNotes(): Notes {
  const [problems, warnings, leftOut]: [Finding[], Finding[], Finding[]] = [[], [], []];
  const told = new Set<string>();
  const add = (list: Finding[]) => (code: FindingCode, path: string, message: string) => {
    const text = JSON.stringify([code, path, message]);
    if (!told.has(text)) list.push({ code, path, message });
    told.add(text);
  };
  return {
    problems,
    warnings,
    leftOut,
    problem: add(problems),
    warn: add(warnings),
    leaveOut: add(leftOut),
  };
}

/**
 * A key of the file, for a path or a message. What cannot be a name is not shown: after a forgotten space
 * (`secretOrPublicKey:…`) it holds the secret.
 */
export function shownName(key: string): string {
  return /^[\w$][\w$.-]{0,30}$/.test(key) ? key : '"…"';
}
