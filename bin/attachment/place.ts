import { existsSync } from 'node:fs';
import type { Handler } from '../../lambda/attachment/wish.ts';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { DEFAULT_CONFIG } from '../consumers/open.ts';
import { readDeployment } from './deployment.ts';
import type { StackOutputs } from './stack-outputs.ts';

/** Where an attachment is, as options say it. */
export interface PlaceOptions {
  readonly restApiId?: string;
  readonly stack?: string;
  readonly journalTable?: string;
  readonly region?: string;
  readonly config: string;
}

export interface Place {
  readonly restApiId: string;
  readonly journalTable: string;
  /** Undefined: there is none, or none was needed. */
  readonly config?: AuthorizerConfig | undefined;
  /** What the stack says that API Gateway is to invoke; undefined where no stack was asked, or it has none. */
  readonly handler?: Handler | undefined;
}

/** As `cdk deploy` names the stack. */
const DEFAULT_STACK = 'JwtAuthorizer';

/** Outputs of the stack. */
const FUNCTION_ARN = 'AuthorizerFunctionArn';
const INVOKE_ROLE_ARN = 'InvokeRoleArn';
const JOURNAL_TABLE = 'AttachmentJournalTable';

/**
 * Finds the API and the journal. A stack is asked where one is named, or no journal's table is.
 * @param needsConfig whether the configuration is read in any case; else only to find the API, so that one with a mistake
 * in it does not stand in the way.
 * @throws WrongUsage, CommandFailure
 */
export async function findPlace(options: PlaceOptions, needsConfig: boolean): Promise<Place> {
  const config = needsConfig || options.restApiId === undefined ? readConfig(options.config) : undefined;
  const restApiId = options.restApiId ?? config?.restApi?.id;
  if (restApiId === undefined)
    throw new WrongUsage('which API? give --rest-api-id ID, or restApi in the configuration');
  const { stack = options.journalTable === undefined ? DEFAULT_STACK : undefined } = options;
  const outputs = stack === undefined ? {} : (await readDeployment(stack, options.region)).outputs;
  const journalTable = options.journalTable ?? outputs[JOURNAL_TABLE];
  if (journalTable === undefined)
    throw new CommandFailure(
      `the stack ${stack} has no output ${JOURNAL_TABLE}: deploy it with restApi in its configuration, or give --journal-table`,
    );
  return { restApiId, journalTable, config, handler: handlerOf(outputs) };
}

/** @returns undefined where nobody named one and the default is not there. */
function readConfig(path: string): AuthorizerConfig | undefined {
  if (path === DEFAULT_CONFIG && !existsSync(path)) return undefined;
  const loaded = loadConfigFile(path);
  if (!loaded.ok) throw new CommandFailure(formatProblems(path, loaded.problems));
  return loaded.config;
}

function handlerOf(outputs: StackOutputs): Handler | undefined {
  const { [FUNCTION_ARN]: functionArn, [INVOKE_ROLE_ARN]: invokeRoleArn } = outputs;
  if (functionArn === undefined) return undefined;
  return { functionArn, ...(invokeRoleArn !== undefined && { invokeRoleArn }) };
}
