/**
 * What the model of API Gateway's control plane keeps, by AWS's own names.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Types.html
 */

export const HTTP_METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const;

export interface Method {
  /** A verb, or `ANY`. */
  httpMethod: string;
  /** `NONE`, `AWS_IAM`, `CUSTOM` or `COGNITO_USER_POOLS`. */
  authorizationType: string;
  authorizerId?: string;
  apiKeyRequired: boolean;
  authorizationScopes?: string[];
  operationName?: string;
  requestValidatorId?: string;
  requestParameters?: Record<string, boolean>;
  requestModels?: Record<string, string>;
  methodResponses?: Record<string, { statusCode: string }>;
  methodIntegration?: Integration;
}

/** As much of an integration as an export shows. */
export interface Integration {
  /** `HTTP_PROXY`, `AWS_PROXY`, `MOCK`, … */
  type: string;
  httpMethod?: string;
  uri?: string;
  credentials?: string;
  passthroughBehavior?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  integrationResponses?: Record<string, { statusCode: string; selectionPattern?: string }>;
}

export interface Resource {
  readonly id: string;
  readonly parentId?: string;
  readonly pathPart?: string;
  readonly path: string;
  readonly methods: Map<string, Method>;
}

export interface Authorizer {
  readonly id: string;
  name: string;
  /** `TOKEN`, `REQUEST` or `COGNITO_USER_POOLS`. */
  type: string;
  authType: string;
  authorizerUri?: string;
  authorizerCredentials?: string;
  identitySource?: string;
  identityValidationExpression?: string;
  authorizerResultTtlInSeconds?: number;
  providerARNs?: string[];
}

export interface GatewayResponse {
  readonly responseType: string;
  statusCode?: string;
  responseParameters: Record<string, string>;
  responseTemplates: Record<string, string>;
  defaultResponse: boolean;
}

/**
 * All of an API that takes effect with a deployment only: its working copy, or a deployment's snapshot of it. Policy
 * and authorizers are in it as well.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 * @see https://github.com/aws/aws-cdk/issues/16554 for authorizers
 */
export interface Definition {
  name: string;
  version?: string;
  policy?: string;
  /** `HEADER` or `AUTHORIZER`. */
  apiKeySource: string;
  binaryMediaTypes: string[];
  /** By id. */
  resources: Map<string, Resource>;
  /** By id. */
  authorizers: Map<string, Authorizer>;
  /** The API's own only, by type. */
  gatewayResponses: Map<string, GatewayResponse>;
}

export interface Deployment {
  readonly id: string;
  readonly description?: string;
  readonly createdMs: number;
  /** Nobody changes it. */
  readonly definition: Definition;
}

export interface CanarySettings {
  deploymentId: string;
  percentTraffic: number;
  stageVariableOverrides?: Record<string, string>;
  useStageCache: boolean;
}

export interface Stage {
  readonly stageName: string;
  deploymentId: string;
  description?: string;
  canarySettings?: CanarySettings;
  variables?: Record<string, string>;
  readonly createdMs: number;
  lastUpdatedMs: number;
  /** All else that `GetStage` shows (`methodSettings`, `accessLogSettings`, `webAclArn`, …): kept as it is. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface RestApi {
  readonly id: string;
  readonly rootResourceId: string;
  /** The working copy. */
  definition: Definition;
  readonly deployments: Map<string, Deployment>;
  readonly stages: Map<string, Stage>;
  /** What `DeleteAuthorizer` took away; what the owner's import did is not among them. */
  readonly deletedAuthorizerIds: Set<string>;
  /** Stages whose authorizer cache was emptied, in their order. */
  readonly flushed: { readonly stageName: string; readonly atMs: number }[];
}
