import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { needsTable } from '../lambda/config/modality.ts';
import {
  DELIVERY_ON_AWS,
  describeRevocation,
  longestCacheSeconds,
} from '../lambda/config/revocation-bound.ts';
import { formatSelector } from '../lambda/config/selector.ts';
import type { RestApiAttachment } from '../lambda/config/types.ts';
import { AdminApi, type AdminApiOptions } from './admin-api.ts';
import { AuthorizerFunction, type Configuration } from './authorizer-function.ts';
import { CredentialsTable, type TableReplica } from './credentials-table.ts';
import { ExistingRestApi } from './existing-rest-api.ts';
import type { ExistingRestApiOptions, ExistingRestApiProps } from './existing-rest-api-props.ts';
import type { FunctionSizing } from './function-sizing.ts';
import { Monitoring, type MonitoringOptions } from './monitoring.ts';
import { ProtectedRestApi, type ProtectedRestApiOptions } from './rest-api.ts';
import { addRevocation, type Revocation, type RevocationOptions } from './revocation.ts';
import type { FlushedStage } from './revocation-function.ts';

export interface JwtAuthorizerStackProps extends StackProps {
  /** What `loadConfigFile` made of `authorizer.config.yml`. */
  readonly configuration: Configuration;
  /**
   * Folder of the built authorizer: `index.mjs` and its chunks.
   * @default - `dist/lambda/authorizer` of this package
   */
  readonly bundleFolder?: string | undefined;
  /**
   * ARNs of the KMS keys under which the secrets of `secretArn` policies are kept.
   * @default - none; the secrets are kept under the account's own key for Secrets Manager
   */
  readonly secretKeyArns?: readonly string[] | undefined;
  /**
   * Memory, time limit and concurrency of the authorizer's function.
   * @default - those of `FunctionSizing`
   */
  readonly authorizer?: FunctionSizing | undefined;
  /**
   * Other regions that have the credentials table, for reading.
   * @default - none
   */
  readonly replicas?: readonly TableReplica[] | undefined;
  /**
   * Settings of the API that the stack makes, where the configuration names none that exists.
   * @default - those of `ProtectedRestApi`
   */
  readonly restApi?: ProtectedRestApiOptions | undefined;
  /**
   * Settings of the attachment to the API that the configuration names (`restApi`).
   * @default - those of `ExistingRestApi`, and of the configuration
   */
  readonly attachment?:
    | Pick<ExistingRestApiOptions, 'alarmActions' | 'bundleFolder' | 'logRetention'>
    | undefined;
  /**
   * Settings of the Admin API, where the configuration asks for one.
   * @default - those of `AdminApi`
   */
  readonly adminApi?: AdminApiOptions | undefined;
  /**
   * Settings of what flushes API Gateway's caches, where it may keep answers about credentials.
   * @default - those of `Revocation`
   */
  readonly revocation?: RevocationOptions | undefined;
  /**
   * Settings of the dashboard and the alarms; `false` makes neither.
   * @default - those of `Monitoring`
   */
  readonly monitoring?: MonitoringOptions | false | undefined;
  /**
   * Whether the API samples requests for X-Ray, and the function tells its part of them.
   * @default false
   */
  readonly tracing?: boolean | undefined;
}

/**
 * What `cdk deploy` creates: the authorizer's function, its credentials table where a policy asks for one,
 * its signing secrets where a policy has them generated, a REST API in front of `upstream` or, where `restApi` names one that
 * exists, the attachment to that, what flushes its cache when the table takes a right away, the Admin API where `adminApi`
 * asks for it, a dashboard and alarms.
 */
export class JwtAuthorizerStack extends Stack {
  readonly authorizer: AuthorizerFunction;
  /** Undefined when the configuration names an API that exists. */
  readonly restApi: ProtectedRestApi | undefined;
  /** Undefined when the stack makes its own API. */
  readonly existingRestApi: ExistingRestApi | undefined;
  /** Undefined when no policy looks credentials up. */
  readonly credentials: CredentialsTable | undefined;
  /** Undefined when the configuration does not ask for it. */
  readonly adminApi: AdminApi | undefined;
  /** Undefined when no credentials are looked up, or API Gateway may keep no answer. */
  readonly revocation: Revocation | undefined;
  /** Undefined when it is not wanted. */
  readonly monitoring: Monitoring | undefined;

  /** @throws SecretInTemplateError when a policy's key is a secret that would end up in the package. */
  constructor(scope: Construct, id: string, props: JwtAuthorizerStackProps) {
    super(scope, id, props);
    const { config } = props.configuration;
    const stream = longestCacheSeconds(config) > 0;
    const { replicas } = props;
    this.credentials = needsTable(config)
      ? new CredentialsTable(this, 'Credentials', { stream, replicas })
      : undefined;
    this.authorizer = new AuthorizerFunction(this, 'Authorizer', {
      ...props.authorizer,
      configuration: withoutAttachment(props.configuration),
      credentialsTable: this.credentials,
      bundleFolder: props.bundleFolder,
      secretKeyArns: props.secretKeyArns,
      tracing: props.tracing === true ? Tracing.ACTIVE : undefined,
    });
    this.restApi =
      config.restApi === undefined
        ? new ProtectedRestApi(this, 'RestApi', {
            tracingEnabled: props.tracing,
            ...props.restApi,
            config,
            authorizer: this.authorizer.version,
          })
        : undefined;
    this.adminApi = this.makeAdminApi(props);
    this.revocation = addRevocation(this, {
      authorizer: this.authorizer,
      credentialsTable: this.credentials,
      stages: stagesOf(this.restApi),
      options: props.revocation,
    });
    this.existingRestApi = this.attach(props);
    this.monitoring = this.makeMonitoring(props);
    this.addOutputs(
      describeRevocation(config, {
        functionTimeoutSeconds: this.authorizer.timeout.toSeconds(),
        delivery: DELIVERY_ON_AWS,
      }),
    );
  }

  private makeAdminApi({ configuration, adminApi, restApi }: JwtAuthorizerStackProps): AdminApi | undefined {
    const { allowedPrincipals } = configuration.config.adminApi ?? {};
    if (allowedPrincipals === undefined || this.credentials === undefined) return undefined;
    const made = new AdminApi(this, 'AdminApi', {
      ...adminApi,
      credentialsTable: this.credentials,
      usagePlans: this.restApi?.usagePlans,
      allowedPrincipals,
      // The other API's is for both.
      ...(this.restApi === undefined && { cloudWatchRole: restApi?.cloudWatchRole ?? true }),
    });
    // A stage with an access log can be made only once the account's log role is set, which the other API's
    // stage waits for.
    if (this.restApi) made.api.deploymentStage.node.addDependency(this.restApi.api.deploymentStage);
    return made;
  }

  private makeMonitoring({ monitoring }: JwtAuthorizerStackProps): Monitoring | undefined {
    if (monitoring === false) return undefined;
    const { authorizer, revocation, restApi, existingRestApi } = this;
    return new Monitoring(this, 'Monitoring', {
      ...monitoring,
      authorizer,
      revocation,
      apis: restApi === undefined ? [] : [{ api: restApi.api, accessLog: restApi.accessLog }],
      ...(existingRestApi !== undefined && { existingRestApis: [existingRestApi] }),
    });
  }

  private attach({ configuration, attachment }: JwtAuthorizerStackProps): ExistingRestApi | undefined {
    const { restApi } = configuration.config;
    if (restApi === undefined) return undefined;
    const { authorizer, revocation } = this;
    return new ExistingRestApi(this, 'Attachment', {
      ...attachment,
      ...propsOf(restApi),
      authorizer: { handlerIn: () => ({ authorizer, revocation }) },
    });
  }

  /** @param revocation how long what is taken away may still count. */
  private addOutputs(revocation: string): void {
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    if (this.restApi) output('ApiUrl', this.restApi.api.url, 'Where the API is called');
    output('AuthorizerFunctionName', this.authorizer.function.functionName, 'Denials are in its log');
    output('AuthorizerLogGroup', this.authorizer.function.logGroup.logGroupName, 'Denials, by requestId');
    output('AuthorizerFunctionArn', this.authorizer.version.functionArn, 'The published version in use');
    if (this.credentials)
      output('CredentialsTableName', this.credentials.table.tableName, 'Users, applications, credentials');
    if (this.adminApi)
      output('AdminApiUrl', this.adminApi.api.url, 'Where consumers are managed; sign calls');
    if (this.restApi?.usagePlans)
      output('UsagePlanIds', this.restApi.usagePlans.idsJson(), 'The usage plans, as JSON: name and id');
    for (const [index, { secretArn }] of this.authorizer.signingSecrets)
      output(`GeneratedSecretArn${index}`, secretArn, 'Signs tokens; whoever reads it can make them');
    if (this.existingRestApi) {
      const { restApiId, journal, invokeRole } = this.existingRestApi;
      output('AttachedRestApiId', restApiId, 'The API that exists');
      output(
        'AttachmentJournalTable',
        journal.table.tableName,
        'What stood before its methods; outlives the stack',
      );
      output('InvokeRoleArn', invokeRole.roleArn, 'The role in which API Gateway invokes the authorizer');
    }
    for (const [name, text] of this.restApi?.authorizers.explanations ?? [])
      output(`${name}Keying`, text, 'How API Gateway caches answers, and why');
    output('RevocationBound', revocation, 'How long a request may pass after its right was taken away');
  }
}

/** Those whose caches are flushed from the start. */
const stagesOf = (restApi: ProtectedRestApi | undefined): readonly FlushedStage[] =>
  restApi === undefined
    ? []
    : [{ restApiId: restApi.api.restApiId, stageName: restApi.api.deploymentStage.stageName }];

/** The function decides the same wherever it is attached: another selection is no other version of it. */
function withoutAttachment(configuration: Configuration): Configuration {
  const { restApi: _attachment, ...rest } = configuration.runtimeConfig;
  return { ...configuration, runtimeConfig: rest };
}

function propsOf(
  restApi: RestApiAttachment,
): Pick<
  ExistingRestApiProps,
  | 'restApi'
  | 'stages'
  | 'routes'
  | 'takeOver'
  | 'deployPendingChanges'
  | 'onDetach'
  | 'driftCheck'
  | 'attachWith'
> {
  const { id, stages, routes, driftCheck, attachWith } = restApi;
  const { takeOver, deployPendingChanges, onDetach } = restApi;
  const looks = driftCheck && {
    interval: Duration.minutes(driftCheck.everyMinutes),
    reattach: driftCheck.reattach,
  };
  return {
    ...{ restApi: { restApiId: id }, stages, routes: routes.map(formatSelector) },
    ...{ takeOver, deployPendingChanges, onDetach, attachWith },
    // Nothing is looked at that the stack does not attach.
    ...(attachWith === 'deployment' && { driftCheck: looks ?? false }),
  };
}
