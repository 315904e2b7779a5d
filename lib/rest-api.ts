import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  EndpointType,
  type Integration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { Version } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { gatewayResponsesOf } from '../lambda/config/gateway-responses.ts';
import { resourcesOf } from '../lambda/config/resources.ts';
import type { AuthorizerConfig } from '../lambda/config/types.ts';
import { accessLogFormat } from './access-log.ts';
import { addPreflight } from './cors.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { echoIntegration, pathParametersOf, upstreamIntegration } from './integrations.ts';
import { KeyedAuthorizers } from './keyed-authorizers.ts';
import { warnOfLoopbackUpstream } from './loopback.ts';
import { UsagePlans } from './usage-plans.ts';

export interface ProtectedRestApiOptions {
  /**
   * The stage's name, the first part of every path.
   * @default 'prod'
   */
  readonly stageName?: string | undefined;
  /**
   * Requests a second that the stage takes in the steady state. The account's quota, 10,000 by default,
   * is shared by all its APIs in the region.
   * @default 1000
   */
  readonly throttlingRateLimit?: number | undefined;
  /**
   * Requests that may come at once.
   * @default 2000
   */
  readonly throttlingBurstLimit?: number | undefined;
  /**
   * How long access logs are kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * Whether to give API Gateway a role for writing logs. That is a setting of the account in the region, not
   * of an API: where another stack looks after it, say `false`; where nobody does, a stage with an access
   * log cannot be made without it. The role and the setting outlive the stack, since others may have come to
   * depend on them.
   * @default true
   */
  readonly cloudWatchRole?: boolean | undefined;
  /**
   * Whether API Gateway samples requests for X-Ray. It puts the URL and the caller's address into a trace; AWS does not
   * say whether without the query string: leave it off where that holds tokens.
   * @default false
   */
  readonly tracingEnabled?: boolean | undefined;
}

export interface ProtectedRestApiProps extends ProtectedRestApiOptions {
  readonly config: AuthorizerConfig;
  /** The published authorizer. */
  readonly authorizer: Version;
}

/**
 * A REST API in front of `upstream`, every method of every resource of which goes through the authorizer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 */
export class ProtectedRestApi extends Construct {
  readonly api: RestApi;
  readonly authorizers: KeyedAuthorizers;
  readonly accessLog: LogGroup;
  /** Undefined where the configuration has none. */
  readonly usagePlans: UsagePlans | undefined;

  constructor(scope: Construct, id: string, props: ProtectedRestApiProps) {
    super(scope, id);
    const { config } = props;
    warnOfLoopbackUpstream(this, config);
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    });
    this.api = this.makeApi(props);
    const resources = resourcesOf(config.routes);
    this.authorizers = new KeyedAuthorizers(this, 'Authorizers', {
      api: this.api,
      handler: props.authorizer,
      config,
      resources,
    });
    for (const path of resources) {
      const resource = this.api.root.resourceForPath(path);
      resource.addMethod('ANY', integrationFor(config, path), {
        authorizer: this.authorizers.forResource(path),
        // Without it API Gateway counts nothing; preflights have no key, and are asked for none.
        apiKeyRequired: config.plans !== undefined,
        requestParameters: Object.fromEntries(
          pathParametersOf(path).map((name) => [`method.request.path.${name}`, true]),
        ),
        ...(config.upstream === undefined && { methodResponses: [{ statusCode: '200' }] }),
      });
      if (config.cors) addPreflight(resource, config.cors);
    }
    addGatewayResponses(this.api, this.api, gatewayResponsesOf(config));
    this.usagePlans = config.plans && new UsagePlans(this, 'Plans', { api: this.api, plans: config.plans });
    this.argueExceptions();
  }

  private makeApi(props: ProtectedRestApiProps): RestApi {
    const api = new RestApi(this, 'Api', {
      restApiName: Stack.of(this).stackName,
      description: 'Stands in front of the upstream and lets verified callers through',
      endpointTypes: [EndpointType.REGIONAL],
      // The credential's key, which the authorizer knows; a client's own x-api-key counts for nothing.
      ...(props.config.plans !== undefined && { apiKeySourceType: ApiKeySourceType.AUTHORIZER }),
      // Else bodies that are no UTF-8 text would arrive damaged on the other side.
      ...(props.config.upstream !== undefined && { binaryMediaTypes: ['*/*'] }),
      cloudWatchRole: props.cloudWatchRole ?? true,
      ...(props.cloudWatchRole !== false && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
      deployOptions: this.stageOptions(props),
    });
    // CDK's own output of the URL; the stack has one with a stable name.
    api.node.tryRemoveChild('Endpoint');
    return api;
  }

  private stageOptions(props: ProtectedRestApiProps): StageOptions {
    return {
      stageName: props.stageName ?? 'prod',
      accessLogDestination: new LogGroupLogDestination(this.accessLog),
      accessLogFormat: accessLogFormat(),
      throttlingRateLimit: props.throttlingRateLimit ?? 1000,
      throttlingBurstLimit: props.throttlingBurstLimit ?? 2000,
      loggingLevel: MethodLoggingLevel.OFF,
      dataTraceEnabled: false,
      ...(props.tracingEnabled === true && { tracingEnabled: true }),
    };
  }

  private argueExceptions(): void {
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason: 'The API passes requests on as they are; what is valid is the upstream’s to say.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason: 'A web application firewall has its price and its rules; it is the owner’s to put in front.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'The access log holds every request with its outcome. Execution logs would add the callers’ ' +
          'identity sources, in a log group that API Gateway makes by itself and keeps for ever.',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: 'The methods have a Lambda authorizer: to be that, for any issuer, is what this API is for.',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason:
          'The account’s one role for all of its APIs’ logs; API Gateway takes none that cannot make the ' +
          'groups and streams it asks for.',
      },
    );
  }
}

function integrationFor({ upstream }: AuthorizerConfig, path: string): Integration {
  return upstream === undefined ? echoIntegration() : upstreamIntegration(upstream, path);
}
