/** Something wrong in a configuration: where, what was got, and what to do about it. Never holds a secret. */
export interface Problem {
  /** Stable; what tests and tools match. */
  readonly code: ProblemCode;
  /** Path in the file, such as `jwt[1].algorithms[0]`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type ProblemCode =
  | 'file_unreadable'
  | 'yaml_invalid'
  | 'unknown_key'
  | 'value_invalid'
  | 'key_source_missing'
  | 'key_source_ambiguous'
  | 'key_file_unreadable'
  | 'key_invalid'
  | 'key_is_private'
  | 'key_too_weak'
  | 'secret_empty'
  | 'secret_too_short'
  | 'secret_looks_like_key'
  | 'algorithm_key_mismatch'
  | 'algorithms_required'
  | 'extractor_field_required'
  | 'extractor_field_unused'
  | 'issuer_required'
  | 'issuer_ambiguous'
  | 'audience_required'
  | 'credential_key_needs_controlled'
  | 'scope_source_missing'
  | 'route_invalid'
  | 'cache_contradiction'
  | 'option_unused'
  | 'plans_need_credentials'
  | 'plans_need_own_api'
  | 'needs_own_api'
  | 'needs_existing_api'
  | 'snapshot_unavailable'
  | 'secret_in_template';

/** One line a problem, for a terminal or an error message. */
export function formatProblems(file: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`);
  return `${file}: ${count}\n${lines.join('\n')}`;
}
