import { Annotations, Aws, Fn, Stack } from 'aws-cdk-lib';
import { AuthorizationType, CfnAuthorizer, type IAuthorizer, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnPermission, type Version } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type IdentitySource, type Keying, keyingsOf } from '../lambda/config/keying.ts';
import type { AuthorizerConfig } from '../lambda/config/types.ts';

export interface KeyedAuthorizersProps {
  /** The API that they belong to; it must have a latest deployment. */
  readonly api: RestApi;
  /** The published authorizer. */
  readonly handler: Version;
  readonly config: AuthorizerConfig;
  /** The paths of the API's protected resources. */
  readonly resources: readonly string[];
}

/**
 * The authorizers of an API: one function behind as many API Gateway authorizers as there are ways of
 * keying its resources. What each resource needs is `lambda/config/keying.ts`'s to say; this puts it to work
 * and tells the deployer about it. They are plain CloudFormation ones: everything that
 * decides about caching stands here in full, and the permission names exactly one authorizer.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html
 */
export class KeyedAuthorizers extends Construct {
  /** For each authorizer, by its name: how API Gateway caches its answers, and why. */
  readonly explanations: ReadonlyMap<string, string>;
  private readonly byResource = new Map<string, IAuthorizer>();

  constructor(scope: Construct, id: string, props: KeyedAuthorizersProps) {
    super(scope, id);
    const keyed = keyingsOf(props.config, props.resources);
    for (const { keying, resources } of keyed) {
      const authorizer = this.addAuthorizer(props, keying);
      for (const resource of resources) this.byResource.set(resource, authorizer);
    }
    this.explanations = new Map(keyed.map(({ keying }) => [nameOf(keying), explain(keying)]));
    for (const { keying, resources } of keyed)
      Annotations.of(this).addInfoV2(
        `jwt-authorizer:keying:${nameOf(keying)}`,
        `${resources.join(', ')}: ${explain(keying)}`,
      );
  }

  /** @throws Error for a path that was not among `resources`: it would go unprotected. */
  forResource(path: string): IAuthorizer {
    const authorizer = this.byResource.get(path);
    if (authorizer === undefined) throw new Error(`no authorizer for ${path}: it is not among the resources`);
    return authorizer;
  }

  private addAuthorizer({ api, handler }: KeyedAuthorizersProps, keying: Keying): IAuthorizer {
    // A name of its own for each kind: another keying is then another authorizer, and the deployed methods
    // keep theirs, unchanged, until the stage's next deployment.
    const name = nameOf(keying);
    const properties = {
      restApiId: api.restApiId,
      name,
      type: keying.type,
      authorizerUri: invocationUri(handler),
      ...(keying.identitySources.length > 0 && {
        identitySource: keying.identitySources.map(mappingExpression).join(','),
      }),
      authorizerResultTtlInSeconds: keying.cacheSeconds,
    };
    const authorizer = new CfnAuthorizer(this, name, properties);
    const permission = new CfnPermission(this, `${name}Permission`, {
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
}

function explain({ type, identitySources, cacheSeconds, reason }: Keying): string {
  const sources = identitySources.map(mappingExpression).join(', ') || 'none';
  const kept = cacheSeconds === 0 ? 'never cached' : `cached for ${cacheSeconds} s`;
  return `${type} authorizer, identity sources: ${sources}; ${kept}: ${reason}`;
}

/** Unique within an API, and telling: what the answers are kept under. */
function nameOf({ type, identitySources, cacheSeconds }: Keying): string {
  if (type === 'TOKEN') return 'Token';
  if (identitySources.length === 0) return 'Uncached';
  const kind = identitySources.some((source) => source.in === 'context') ? 'Route' : 'Request';
  return cacheSeconds === 0 ? `Uncached${kind}` : kind;
}

function mappingExpression(source: IdentitySource): string {
  if (source.in === 'context') return `context.${source.name}`;
  return `method.request.${source.in === 'query' ? 'querystring' : 'header'}.${source.name}`;
}

function invocationUri(handler: Version): string {
  const api = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions`;
  return Fn.join('', [`${api}/`, handler.functionArn, '/invocations']);
}

function authorizerArn(api: RestApi, authorizerId: string): string {
  return Stack.of(api).formatArn({
    service: 'execute-api',
    resource: api.restApiId,
    resourceName: `authorizers/${authorizerId}`,
  });
}
