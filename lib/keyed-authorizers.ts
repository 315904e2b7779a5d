import { Annotations } from 'aws-cdk-lib';
import type { IAuthorizer, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Version } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { explain, keyedProperties, nameOf } from '../lambda/config/keyed-properties.ts';
import { keyingsOf } from '../lambda/config/keying.ts';
import type { AuthorizerConfig } from '../lambda/config/types.ts';
import { addAuthorizer } from './keyed-authorizer.ts';

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
 * and tells the deployer about it.
 */
export class KeyedAuthorizers extends Construct {
  /** For each authorizer, by its name: how API Gateway caches its answers, and why. */
  readonly explanations: ReadonlyMap<string, string>;
  private readonly byResource = new Map<string, IAuthorizer>();

  constructor(scope: Construct, id: string, { api, handler, config, resources }: KeyedAuthorizersProps) {
    super(scope, id);
    const keyed = keyingsOf(config, resources);
    for (const { keying, resources } of keyed) {
      // A name of its own for each kind: another keying is then another authorizer, and the deployed methods
      // keep theirs, unchanged, until the stage's next deployment.
      const authorizer = addAuthorizer(this, nameOf(keying), { api, handler, ...keyedProperties(keying) });
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
}
