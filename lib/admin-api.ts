import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { adminAccessLogFormat } from './access-log.ts';
import { AdminFunction } from './admin-function.ts';
import { adminPolicy } from './admin-policy.ts';
import type { CredentialsTable } from './credentials-table.ts';
import type { UsagePlans } from './usage-plans.ts';

export interface AdminApiOptions {
  /**
   * Requests a second that the stage takes in the steady state. They are taken from the account's quota,
   * which all its APIs in the region share.
   * @default 50
   */
  readonly throttlingRateLimit?: number | undefined;
  /**
   * Requests that may come at once.
   * @default 100
   */
  readonly throttlingBurstLimit?: number | undefined;
  /**
   * How long its logs, which say who wrote what, are kept.
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * Folder of the built function: `index.mjs` and its chunks.
   * @default - `dist/lambda/admin` of this package
   */
  readonly bundleFolder?: string | undefined;
}

export interface AdminApiProps extends AdminApiOptions {
  readonly credentialsTable: CredentialsTable;
  /**
   * The usage plans that credentials may be made with.
   * @default - none
   */
  readonly usagePlans?: UsagePlans | undefined;
  /**
   * ARNs of the IAM roles, users and account roots that may call it, and no others.
   * @default - whoever the IAM policies of the stack's account allow to invoke it
   */
  readonly allowedPrincipals?: readonly string[] | undefined;
  /**
   * Whether to give API Gateway a role for writing logs, as `ProtectedRestApi` does; one API a stack is enough.
   * @default false
   */
  readonly cloudWatchRole?: boolean | undefined;
}

/**
 * The Admin API in AWS: a REST API of its own, every method of which asks for a signature (Signature
 * Version 4) of an IAM principal that the resource policy names.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
 */
export class AdminApi extends Construct {
  readonly api: RestApi;
  readonly function: AdminFunction['function'];

  /** @throws Error when there is no built function. */
  constructor(scope: Construct, id: string, props: AdminApiProps) {
    super(scope, id);
    const { credentialsTable, usagePlans, bundleFolder, logRetention } = props;
    const { function: handler } = new AdminFunction(this, 'Handler', {
      credentialsTable,
      usagePlans,
      bundleFolder,
      logRetention,
    });
    this.function = handler;
    this.api = this.makeApi(props);
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    for (const resource of [this.api.root, this.api.root.resourceForPath('/{proxy+}')])
      resource.addMethod('ANY', integration, { authorizationType: AuthorizationType.IAM });
    this.argueExceptions();
  }

  private makeApi(props: AdminApiProps): RestApi {
    const api = new RestApi(this, 'Api', {
      restApiName: `${Stack.of(this).stackName}-admin`,
      description: 'Manages users, applications, credentials and scopes; calls are signed (IAM)',
      endpointTypes: [EndpointType.REGIONAL],
      policy: adminPolicy(props.allowedPrincipals ?? []),
      cloudWatchRole: props.cloudWatchRole ?? false,
      ...(props.cloudWatchRole === true && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
      deployOptions: this.stageOptions(props),
    });
    // CDK's own output of the URL; the stack has one with a stable name.
    api.node.tryRemoveChild('Endpoint');
    return api;
  }

  private stageOptions(props: AdminApiProps): StageOptions {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? RetentionDays.ONE_YEAR,
    });
    return {
      stageName: 'prod',
      accessLogDestination: new LogGroupLogDestination(accessLog),
      accessLogFormat: adminAccessLogFormat(),
      throttlingRateLimit: props.throttlingRateLimit ?? 50,
      throttlingBurstLimit: props.throttlingBurstLimit ?? 100,
      loggingLevel: MethodLoggingLevel.OFF,
      dataTraceEnabled: false,
    };
  }

  private argueExceptions(): void {
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason: 'The function checks every body against its model, and bounds its size.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason: 'Nobody gets past IAM who has not signed; a web application firewall is the owner’s to add.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'The access log holds every request with its signer and its outcome. Execution logs would add ' +
          'request data, in a log group that API Gateway makes by itself and keeps for ever.',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: 'The methods have IAM authorization: callers are roles of administrators, not end users.',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason:
          'The account’s one role for all of its APIs’ logs, where no other API of the stack has made it; API Gateway ' +
          'takes none that cannot make the groups and streams it asks for.',
      },
    );
  }
}
