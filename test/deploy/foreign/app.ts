/**
 * A CDK app of somebody else's: a REST API with its backends, an authorizer and an API key of its own. Nothing in it
 * knows of us.
 *
 * Context: `stackNames` (separated by commas; each stack has an API of its own), `upstream` (the base URL of the HTTP backends).
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  AuthorizationType,
  Cors,
  HttpIntegration,
  LambdaIntegration,
  type MethodOptions,
  RestApi,
  Stage,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type Access, CORS_PATHS, ROUTES } from './routes.ts';

/** A partner says `partner`. */
const PARTNERS = `exports.handler = async ({ authorizationToken, methodArn }) => ({
  principalId: 'partner',
  policyDocument: { Version: '2012-10-17', Statement: [
    { Action: 'execute-api:Invoke', Effect: authorizationToken === 'partner' ? 'Allow' : 'Deny', Resource: methodArn },
  ] },
});`;

/** Answers with what API Gateway told it about the caller. */
const ECHO = `exports.handler = async ({ requestContext }) => ({
  statusCode: 200,
  body: JSON.stringify({ authorizer: requestContext.authorizer ?? null }),
});`;

const app = new App();
const upstream = String(app.node.getContext('upstream'));
for (const name of String(app.node.getContext('stackNames')).split(',')) addApi(new Stack(app, name));

function addApi(stack: Stack): void {
  const api = new RestApi(stack, 'Api', {
    apiKeySourceType: ApiKeySourceType.HEADER,
    cloudWatchRole: false,
    deployOptions: { stageName: 'live', variables: { color: 'green' } },
  });
  const { latestDeployment: deployment } = api;
  if (deployment === undefined) throw new Error('an API that is not deployed');
  const echo = new LambdaIntegration(inline(stack, 'Echo', ECHO));
  const optionsOf: Readonly<Record<Access, MethodOptions>> = {
    public: {},
    iam: { authorizationType: AuthorizationType.IAM },
    own: {
      authorizer: new TokenAuthorizer(stack, 'Partners', {
        handler: inline(stack, 'PartnersFunction', PARTNERS),
      }),
    },
    key: { apiKeyRequired: true },
  };
  for (const { httpMethod, path, access } of ROUTES) {
    const backend = new HttpIntegration(`${upstream}/backend`, { httpMethod });
    const integration = path === '/orders/{id}' ? echo : backend;
    api.root.resourceForPath(path).addMethod(httpMethod, integration, optionsOf[access]);
  }
  for (const path of CORS_PATHS)
    api.root.resourceForPath(path).addCorsPreflight({ allowOrigins: Cors.ALL_ORIGINS });
  const key = api.addApiKey('Key', { value: `a-key-of-the-stack-${stack.stackName}` });
  api.addUsagePlan('Plan', { apiStages: [{ stage: api.deploymentStage }] }).addApiKey(key);
  new Stage(stack, 'Beta', { deployment, stageName: 'beta' });
  new CfnOutput(stack, 'RestApiId', { value: api.restApiId });
}

function inline(stack: Stack, id: string, code: string): LambdaFunction {
  return new LambdaFunction(stack, id, {
    code: Code.fromInline(code),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
}
