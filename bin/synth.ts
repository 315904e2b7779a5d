/** The CDK app: `authorizer.config.yml` and context in, one stack out. */
import { resolve } from 'node:path';
import { App, type Environment } from 'aws-cdk-lib';
import { loadConfigFile } from '../lambda/config/load.ts';
import { formatProblems } from '../lambda/config/problem.ts';
import { warningsOf } from '../lambda/config/warnings.ts';
import type { FunctionSizing } from '../lib/function-sizing.ts';
import { JwtAuthorizerStack, type JwtAuthorizerStackProps } from '../lib/jwt-authorizer-stack.ts';
import { JwtAuthorizerPropsError } from '../lib/props-error.ts';
import { SecretInTemplateError } from '../lib/template-secrets.ts';
import { attachTo } from './attach-to.ts';
import { takeSnapshots } from './snapshots.ts';

/**
 * Context (`cdk deploy -c NAME=VALUE`): `config`, the configuration file, from the current folder;
 * `restApiId` and `stage` (names with commas between them), a REST API that exists: the stack attaches to it;
 * `stackName`; `memorySize` (MiB), `reservedConcurrency` and `provisionedConcurrency` of the authorizer's function; `secretKeyArn`, the KMS key of a `secretArn` or `parameterName` that is kept under one of yours;
 * `cloudWatchRole=false` where another stack looks after API Gateway's log role; `monitoring=false`: no dashboard,
 * and no alarms but those of the flushes and of the drift check; `alarmTopicArn`, the SNS topic that is told of alarms; `tracing=true`: X-Ray.
 */
async function main(): Promise<void> {
  // Not by itself at the end: after a refusal there must be nothing to deploy.
  const app = new App({ autoSynth: false });
  const context = (name: string, byDefault: string) => String(app.node.tryGetContext(name) ?? byDefault);
  const file = context('config', 'authorizer.config.yml');
  const read = loadConfigFile(resolve(file));
  const asked = attachTo(read, { restApiId: context('restApiId', ''), stage: context('stage', '') });
  const loaded = asked.ok ? await takeSnapshots(asked, { now: Date.now }) : asked;
  if (!loaded.ok) {
    fail(formatProblems(file, loaded.problems));
    return;
  }
  const sizing = sizingFrom((name) => context(name, ''));
  if (typeof sizing === 'string') {
    fail(sizing);
    return;
  }
  for (const warning of warningsOf(loaded.config)) process.stderr.write(`warning: ${warning}\n`);
  try {
    new JwtAuthorizerStack(app, context('stackName', 'JwtAuthorizer'), {
      configuration: loaded,
      secretKeyArns: [context('secretKeyArn', '')].filter((arn) => arn !== ''),
      authorizer: sizing,
      ...monitoringOf(context),
      tracing: context('tracing', 'false') === 'true',
      restApi: { cloudWatchRole: context('cloudWatchRole', 'true') !== 'false' },
      ...environment(),
    });
  } catch (error) {
    if (!(error instanceof SecretInTemplateError || error instanceof JwtAuthorizerPropsError)) throw error;
    fail(formatProblems(file, error.problems));
    return;
  }
  app.synth();
}

/** @returns what is wrong, if anything is. */
function sizingFrom(context: (name: string) => string): FunctionSizing | string {
  const names = ['memorySize', 'reservedConcurrency', 'provisionedConcurrency'] as const;
  const wrong = names.filter((name) => !/^(?:[1-9]\d{0,5})?$/.test(context(name)));
  if (wrong.length > 0) return wrong.map((name) => `-c ${name}=: give a whole number from 1`).join('\n');
  const number = (name: (typeof names)[number]) => (context(name) === '' ? undefined : Number(context(name)));
  return {
    memorySize: number('memorySize'),
    reservedConcurrentExecutions: number('reservedConcurrency'),
    provisionedConcurrentExecutions: number('provisionedConcurrency'),
  };
}

/** Whom the alarms tell; those of the flushes and of the drift check are there in any case. */
function monitoringOf(
  context: (name: string, byDefault: string) => string,
): Pick<JwtAuthorizerStackProps, 'monitoring' | 'revocation' | 'attachment'> {
  const arns = [context('alarmTopicArn', '')].filter((arn) => arn !== '');
  const alarmActions = arns.map((alarmActionArn) => ({ bind: () => ({ alarmActionArn }) }));
  const isOn = context('monitoring', 'true') !== 'false';
  return isOn
    ? { monitoring: { alarmActions } }
    : { monitoring: false, revocation: { alarmActions }, attachment: { alarmActions } };
}

/** Set by the CDK's command where there are credentials; without, the stack fits every account. */
function environment(): { env?: Environment } {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  return account === undefined || region === undefined ? {} : { env: { account, region } };
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

await main();
