import { generatedSecretVariable } from '../../lambda/authorizer/environment.ts';
import { needsTable } from '../../lambda/config/modality.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { CommandFailure } from '../consumers/failure.ts';
import type { StackOutputs } from './stack-outputs.ts';

/** A deployed stack, and what it says of itself. */
export interface Deployment {
  readonly stack: string;
  readonly outputs: StackOutputs;
}

/** Outputs of the stack. */
const TABLE = 'CredentialsTableName';
const ATTACHED_API = 'AttachedRestApiId';

/** @param region @default the SDK's own. @throws CommandFailure */
export async function readDeployment(stack: string, region: string | undefined): Promise<Deployment> {
  // Loaded here: the SDK's client is much, and not always asked.
  const { readStackOutputs } = await import('./stack-outputs.ts');
  return { stack, outputs: await readStackOutputs(stack, region) };
}

/** The credentials table's name. */
export const tableIn = (outputs: StackOutputs | undefined): string | undefined => outputs?.[TABLE];

/** @throws CommandFailure where the stack has none. */
export function tableOf({ stack, outputs }: Deployment): string {
  const table = tableIn(outputs);
  if (table !== undefined) return table;
  throw new CommandFailure(
    `the stack ${stack} has no output ${TABLE}: deploy it with this configuration, or give --table`,
  );
}

/** @throws CommandFailure where the configuration needs a table, and the stack has none. */
export const tableFor = (
  config: Pick<AuthorizerConfig, 'policies'>,
  deployment: Deployment,
): string | undefined => (needsTable(config) ? tableOf(deployment) : tableIn(deployment.outputs));

/** The API that the stack attaches to: that of `-c restApiId=…` where it was given, which no file has. */
export const attachedApiIn = (outputs: StackOutputs | undefined): string | undefined =>
  outputs?.[ATTACHED_API];

/** Names the ARN of the secret that the stack made for the policy of that index. */
export const generatedSecretOutput = (policyIndex: number): string => `GeneratedSecretArn${policyIndex}`;

/** Those ARNs: as the stack says, else as the environment does, as it does to the function. */
export const generatedSecretArnIn =
  (outputs: StackOutputs | undefined) =>
  (policyIndex: number): string | undefined =>
    outputs?.[generatedSecretOutput(policyIndex)] ?? process.env[generatedSecretVariable(policyIndex)];
