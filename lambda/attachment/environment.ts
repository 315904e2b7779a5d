type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error at the function's start when it is missing: nothing could be put back. */
export const journalTableIn = (environment: Environment): string =>
  get(environment, 'ATTACHMENT_JOURNAL_TABLE');

export interface DriftCheckSettings {
  readonly restApiId: string;
  /** Whether what was found open is attached again. */
  readonly reattach: boolean;
}

/**
 * `ATTACHED_REST_API_ID`, `DRIFT_REATTACH` (`true` or `false`).
 * @throws Error when one is missing
 */
export const driftCheckSettingsIn = (environment: Environment): DriftCheckSettings => ({
  restApiId: get(environment, 'ATTACHED_REST_API_ID'),
  reattach: get(environment, 'DRIFT_REATTACH') === 'true',
});

function get(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
