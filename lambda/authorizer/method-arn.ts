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
  const stageArn = stageArnOf(value);
  if (stageArn === undefined) return undefined;
  const rest = value.slice(stageArn.length + 1);
  const slash = rest.indexOf('/');
  const method = slash === -1 ? rest : rest.slice(0, slash);
  if (method === '') return undefined;
  return { stageArn, method: method.toUpperCase(), path: slash === -1 ? '/' : rest.slice(slash) };
}

/** Of the last one: a function serves few stages. */
let lastStageArn: string | undefined;

/** Up to the second slash; there is one. In a policy, `*` and `?` would stand for other stages. */
function stageArnOf(value: string): string | undefined {
  if (lastStageArn !== undefined && value.startsWith(lastStageArn) && value[lastStageArn.length] === '/')
    return lastStageArn;
  const [, stageArn] = /^(arn:[^:/]+:execute-api:[^:/]+:[^:/]*:[^:/]+\/[^/]+)\//.exec(value) ?? [];
  if (stageArn === undefined || /[*?]/.test(stageArn)) return undefined;
  lastStageArn = stageArn;
  return stageArn;
}
