import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What a function acts as, and where it logs. */
export interface FunctionIdentity {
  readonly role: Role;
  readonly logGroup: LogGroup;
}

/** A role that may write its function's log, and nothing else yet; the log ends. */
export function addFunctionIdentity(scope: Construct, logRetention: RetentionDays): FunctionIdentity {
  const logGroup = new LogGroup(scope, 'Log', { retention: logRetention });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  // CreateLogStream and PutLogEvents here alone; the managed policy would take in every log group.
  logGroup.grantWrite(role);
  return { role, logGroup };
}

type Settings = Omit<FunctionProps, 'code' | 'handler' | 'runtime' | 'architecture' | 'role' | 'logGroup'>;

/**
 * A function as the build left it.
 * @param folder holds `index.mjs` and what it imports; see `bundleIn`.
 * @param handler which of its exports Lambda calls. @default `handler`
 */
export function addNodeFunction(
  scope: Construct,
  {
    folder,
    identity,
    handler = 'handler',
    ...settings
  }: Settings & { folder: string; identity: FunctionIdentity; handler?: string },
): LambdaFunction {
  return new LambdaFunction(scope, 'Function', {
    ...settings,
    ...identity,
    code: Code.fromAsset(folder),
    handler: `index.${handler}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
  });
}
