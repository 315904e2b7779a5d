/** The parts of `arn:aws:execute-api:region:account:api/stage/METHOD/path`. */
export interface MethodArn {
  /** All up to the stage: what every method of the stage begins with. */
  readonly stageArn: string;
  readonly method: string;
  /** With its leading slash, as API Gateway spells it. */
  readonly path: string;
}

/**
 * Splits on the first five colons and the first three slashes, since paths contain both.
 * @returns undefined for what is no method ARN of a REST API.
 */
export function parseMethodArn(value: unknown): MethodArn | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(arn:[^:/]+:execute-api:[^:/]+:[^:/]*:[^:/]+\/[^/]+)\/([^/]+)(?:\/(.*))?$/s.exec(value);
  const [, stageArn, method, path = ''] = match ?? [];
  if (stageArn === undefined || method === undefined || /[*?]/.test(stageArn)) return undefined;
  return { stageArn, method: method.toUpperCase(), path: `/${path}` };
}
