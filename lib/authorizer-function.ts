import { Annotations, Duration, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type Function as LambdaFunction, Tracing, type Version } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_TIMEOUT_SECONDS } from '../lambda/config/function-timeout.ts';
import type { LoadedConfig } from '../lambda/config/load.ts';
import type { AuthorizerConfig } from '../lambda/config/types.ts';
import { bundleIn, withStagedBundle } from './authorizer-bundle.ts';
import type { CredentialsTable } from './credentials-table.ts';
import type { FunctionSizing } from './function-sizing.ts';
import {
  grantParameterValue,
  grantSecretDecryption,
  grantSecretValue,
  secretResources,
} from './key-grants.ts';
import type { StoredSecret } from './key-source.ts';
import { warnOfLoopbackKeys } from './loopback.ts';
import { addFunctionIdentity, addNodeFunction } from './node-function.ts';
import { SigningSecret } from './signing-secret.ts';
import { assertSnapshots } from './snapshots.ts';
import { assertNoSecretInTemplate } from './template-secrets.ts';

/** A configuration as `loadConfigFile` returns it. */
export type Configuration = Pick<LoadedConfig, 'config' | 'runtimeConfig' | 'deprecated'>;

export interface AuthorizerFunctionProps extends FunctionSizing {
  /** What the function decides by; it travels as `config.json` in the function's package. */
  readonly configuration: Configuration;
  /**
   * Where credentials are looked up.
   * @default - none; right only when no policy checks that credentials exist
   */
  readonly credentialsTable?: CredentialsTable | undefined;
  /**
   * Folder of the built authorizer: `index.mjs` and its chunks.
   * @default - `dist/lambda/authorizer` of this package
   */
  readonly bundleFolder?: string | undefined;
  /**
   * ARNs of the KMS keys under which the secrets of `secretArn` and `parameterName` policies are kept. A key's policy must let
   * the account's IAM policies decide, as it does by default.
   * @default - none; the secrets are kept under the account's own keys for Secrets Manager and Parameter Store
   */
  readonly secretKeyArns?: readonly string[] | undefined;
  /**
   * The secrets of the policies with `secret: generate`, by the policy's index, where others use them too.
   * @default - one is made for each such policy; it outlives the stack
   */
  readonly signingSecrets?: ReadonlyMap<number, StoredSecret> | undefined;
  /**
   * How long the function's log, which holds its denials, is kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * X-Ray: `ACTIVE` samples requests, `PASS_THROUGH` follows what API Gateway sampled. Its part of a trace
   * holds times, and nothing of the request.
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing | undefined;
}

/**
 * The authorizer's function with its configuration, as a published version, so that an answer under a new
 * configuration never comes from an authorizer that is still keyed for the old one.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export class AuthorizerFunction extends Construct {
  /** What API Gateway invokes. */
  readonly version: Version;
  /** The function of which `version` is the published state. */
  readonly function: LambdaFunction;
  readonly role: IRole;
  /** What it decides by. */
  readonly config: AuthorizerConfig;
  /** How long one decision may take. */
  readonly timeout: Duration;
  /** The secrets of the policies with `secret: generate`, by the policy's index. */
  readonly signingSecrets: ReadonlyMap<number, StoredSecret>;

  /** @throws SecretInTemplateError when a policy's key is a secret that would end up in the package. */
  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    super(scope, id);
    const { config, runtimeConfig, deprecated = [] } = props.configuration;
    this.config = config;
    for (const text of deprecated) Annotations.of(this).addWarningV2('jwt-authorizer:deprecated', text);
    warnOfLoopbackKeys(this, config);
    assertNoSecretInTemplate(config);
    assertSnapshots(props.configuration);
    this.timeout = props.timeout ?? Duration.seconds(FUNCTION_TIMEOUT_SECONDS);
    const identity = addFunctionIdentity(this, props.logRetention ?? RetentionDays.THREE_MONTHS);
    this.role = identity.role;
    this.signingSecrets = props.signingSecrets ?? makeSigningSecrets(this, config);
    this.function = withStagedBundle(bundleIn(props.bundleFolder, 'authorizer'), runtimeConfig, (folder) =>
      addNodeFunction(this, {
        description: 'Decides about the JWTs of an API Gateway REST API',
        folder,
        identity,
        memorySize: props.memorySize ?? 256,
        timeout: this.timeout,
        ...(props.reservedConcurrentExecutions !== undefined && {
          reservedConcurrentExecutions: props.reservedConcurrentExecutions,
        }),
        ...(props.provisionedConcurrentExecutions !== undefined && {
          currentVersionOptions: {
            provisionedConcurrentExecutions: props.provisionedConcurrentExecutions,
          },
        }),
        ...(props.tracing !== undefined && { tracing: props.tracing }),
        environment: environmentOf(props.credentialsTable, this.signingSecrets),
      }),
    );
    this.grantKeys(config, props);
    props.credentialsTable?.grantReadByKey(this.role);
    if (props.tracing !== undefined && props.tracing !== Tracing.DISABLED) this.argueTracing();
    this.version = this.function.currentVersion;
  }

  private argueTracing(): void {
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources to which PutTraceSegments and PutTelemetryRecords could be limited.',
    });
  }

  private grantKeys(
    { policies }: AuthorizerConfig,
    { secretKeyArns: keyArns = [], signingSecrets }: AuthorizerFunctionProps,
  ): void {
    for (const { secretArn } of this.signingSecrets.values()) grantSecretValue(this.role, secretArn);
    const services = new Set<'secretsmanager' | 'ssm'>();
    // One that others use too may be kept under a key of theirs.
    if (signingSecrets !== undefined && signingSecrets.size > 0) services.add('secretsmanager');
    for (const { keySource } of policies) {
      if (keySource.kind === 'secretArn') {
        grantSecretValue(this.role, ...secretResources(keySource.arn));
        services.add('secretsmanager');
      }
      if (keySource.kind === 'parameter') {
        grantParameterValue(this.role, keySource.name);
        services.add('ssm');
      }
    }
    grantSecretDecryption(this.role, { keyArns, services: [...services] });
  }
}

function makeSigningSecrets(scope: Construct, { policies }: AuthorizerConfig): Map<number, StoredSecret> {
  const generated = policies.filter(({ keySource }) => keySource.kind === 'generated');
  return new Map(
    generated.map(({ index }) => [index, new SigningSecret(scope, `SigningSecret${index}`).secret]),
  );
}

/** Values that only the deployment knows; all else is in `config.json`. */
function environmentOf(
  credentialsTable: CredentialsTable | undefined,
  signingSecrets: ReadonlyMap<number, StoredSecret>,
): Record<string, string> {
  return {
    ...(credentialsTable && { CREDENTIALS_TABLE: credentialsTable.table.tableName }),
    ...Object.fromEntries(
      [...signingSecrets].map(([index, { secretArn }]) => [`GENERATED_SECRET_ARN_${index}`, secretArn]),
    ),
  };
}
