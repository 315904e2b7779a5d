/** A deployed stage of a REST API, whose authorizer cache is flushed. */
export interface Stage {
  readonly restApiId: string;
  readonly stageName: string;
}

/** `abcdef1234/prod`: how a stage is written in the environment, in messages and in the log. */
export const nameOfStage = ({ restApiId, stageName }: Stage): string => `${restApiId}/${stageName}`;

/** API Gateway's own alphabets; neither has the separators. */
const NAMED = /^(?<restApiId>[A-Za-z0-9]+)\/(?<stageName>[A-Za-z0-9_-]+)$/;

/** @returns undefined when it names no stage. */
export function parseStage(name: string): Stage | undefined {
  const { restApiId, stageName } = NAMED.exec(name)?.groups ?? {};
  return restApiId === undefined || stageName === undefined ? undefined : { restApiId, stageName };
}
