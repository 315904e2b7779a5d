import { Aws, Fn, Stack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnAuthorizer,
  type CfnAuthorizerProps,
  type Deployment,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import type { IdentitySource, Keying } from '../lambda/config/keying.ts';

/** What of an authorizer follows from how its answers may be kept. */
export type KeyedProperties = Pick<
  CfnAuthorizerProps,
  'name' | 'type' | 'identitySource' | 'authorizerResultTtlInSeconds'
>;

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

export function keyedProperties(keying: Keying): KeyedProperties {
  const { type, identitySources, cacheSeconds } = keying;
  return {
    name: nameOf(keying),
    type,
    ...(identitySources.length > 0 && { identitySource: identitySources.map(mappingExpression).join(',') }),
    authorizerResultTtlInSeconds: cacheSeconds,
  };
}

/** For the deployer: how API Gateway caches the answers, and why. */
export function explain({ type, identitySources, cacheSeconds, reason }: Keying): string {
  const sources = identitySources.map(mappingExpression).join(', ') || 'none';
  const kept = cacheSeconds === 0 ? 'never cached' : `cached for ${cacheSeconds} s`;
  return `${type} authorizer, identity sources: ${sources}; ${kept}: ${reason}`;
}

/** Unique within an API, and telling: what the answers are kept under. */
export function nameOf({ type, identitySources, cacheSeconds }: Keying): string {
  if (type === 'TOKEN') return 'Token';
  if (identitySources.length === 0) return 'Uncached';
  const kind = identitySources.some((source) => source.in === 'context') ? 'Route' : 'Request';
  return cacheSeconds === 0 ? `Uncached${kind}` : kind;
}

function mappingExpression(source: IdentitySource): string {
  if (source.in === 'context') return `context.${source.name}`;
  return `method.request.${source.in === 'query' ? 'querystring' : 'header'}.${source.name}`;
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
