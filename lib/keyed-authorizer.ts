import { Aws, Fn, Stack } from 'aws-cdk-lib';
import { AuthorizationType, CfnAuthorizer, type Deployment } from 'aws-cdk-lib/aws-apigateway';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import type { KeyedProperties } from '../lambda/config/keyed-properties.ts';

/** An API as far as its authorizers need it; every `IRestApi` is one. */
export interface AuthorizedApi extends IConstruct {
  readonly restApiId: string;
  readonly latestDeployment?: Deployment | undefined;
  readonly deploymentStage?: { readonly stageName: string } | undefined;
}

/** What API Gateway invokes; every `Version` is one. */
export interface AuthorizerHandler {
  readonly functionArn: string;
}

/** An authorizer as a method names it. */
export interface AuthorizerReference {
  readonly authorizerId: string;
  readonly authorizationType: AuthorizationType;
}

/**
 * A plain CloudFormation authorizer: everything that decides about caching stands in it in full, and the
 * permission names exactly this one.
 * @param properties may be told as late as at synthesis.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html
 */
export function addAuthorizer(
  scope: Construct,
  id: string,
  { api, handler, ...keyed }: KeyedProperties & { api: AuthorizedApi; handler: AuthorizerHandler },
): AuthorizerReference {
  const properties = {
    restApiId: api.restApiId,
    name: keyed.name,
    type: keyed.type,
    authorizerUri: invocationUri(handler),
    ...(keyed.identitySource !== undefined && { identitySource: keyed.identitySource }),
    ...(keyed.authorizerResultTtlInSeconds !== undefined && {
      authorizerResultTtlInSeconds: keyed.authorizerResultTtlInSeconds,
    }),
  };
  const authorizer = new CfnAuthorizer(scope, id, properties);
  const permission = new CfnPermission(scope, `${id}Permission`, {
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    functionName: handler.functionArn,
    sourceArn: authorizerArn(api, authorizer.ref),
  });
  // A changed authorizer is live only with the stage's next deployment, and CloudFormation makes one only
  // under another logical id (aws/aws-cdk issue 16554).
  api.latestDeployment?.addToLogicalId({ authorizer: properties });
  api.latestDeployment?.node.addDependency(authorizer, permission);
  return { authorizerId: authorizer.ref, authorizationType: AuthorizationType.CUSTOM };
}

function invocationUri(handler: AuthorizerHandler): string {
  const api = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions`;
  return Fn.join('', [`${api}/`, handler.functionArn, '/invocations']);
}

function authorizerArn(api: AuthorizedApi, authorizerId: string): string {
  return Stack.of(api).formatArn({
    service: 'execute-api',
    resource: api.restApiId,
    resourceName: `authorizers/${authorizerId}`,
  });
}
