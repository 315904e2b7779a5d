import { Annotations, Lazy } from 'aws-cdk-lib';
import {
  CfnMethod,
  type CorsOptions,
  type IResource,
  Method,
  type MethodOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { authorizerResponsesOf } from '../lambda/config/gateway-responses.ts';
import { explain, keyedProperties, nameOf } from '../lambda/config/keyed-properties.ts';
import { type Keying, keyingOf, keyingsOf } from '../lambda/config/keying.ts';
import type { AuthorizerConfig } from '../lambda/config/types.ts';
import { addGatewayResponses, responsesBeside } from './gateway-responses.ts';
import {
  type AuthorizedApi,
  type AuthorizerHandler,
  type AuthorizerReference,
  addAuthorizer,
} from './keyed-authorizer.ts';
import type { Revocation } from './revocation.ts';

export interface ApiAuthorizerProps {
  readonly api: AuthorizedApi;
  /** The published authorizer; in the API's own stack. */
  readonly handler: AuthorizerHandler;
  readonly config: AuthorizerConfig;
  /**
   * What flushes the authorizer caches of the API's stages.
   * @default - nothing: a right that is taken away may count until the cache forgets it
   */
  readonly revocation?: Pick<Revocation, 'addStage'> | undefined;
}

export interface GatewayResponsesOptions {
  /**
   * Which origins' pages may read them.
   * @default - the API's `defaultCorsPreflightOptions`; without, none
   */
  readonly cors?: Pick<CorsOptions, 'allowOrigins' | 'allowCredentials' | 'exposeHeaders'> | undefined;
}

/** What makes a method one that the authorizer protects. */
export type ProtectedMethodOptions = Required<Pick<MethodOptions, 'authorizationType' | 'authorizer'>>;

/**
 * The authorizer of one API. {@link methodOptions} are right for every method: their answers are kept as long as
 * is right for all of the methods that use them, which is found at synthesis. Where that is not at all, because of
 * a resource such as `/{proxy+}` beside scoped routes, {@link forResource} keeps those of the other resources.
 */
export class ApiAuthorizer extends Construct {
  private readonly api: AuthorizedApi;
  private readonly handler: AuthorizerHandler;
  private readonly config: AuthorizerConfig;
  private readonly references = new Map<string, AuthorizerReference>();
  private readonly revocation: ApiAuthorizerProps['revocation'];
  private shared: AuthorizerReference | undefined;
  private isFlushed = false;

  constructor(scope: Construct, id: string, { api, handler, config, revocation }: ApiAuthorizerProps) {
    super(scope, id);
    this.api = api;
    this.handler = handler;
    this.config = config;
    this.revocation = revocation;
    if (api.deploymentStage !== undefined) this.addStage(api.deploymentStage);
    this.node.addValidation({
      validate: () => (this.isFlushed || revocation === undefined ? [] : [NO_STAGE]),
    });
  }

  /** Another stage of the API than its own deployment stage: its cache is flushed too. */
  addStage({ stageName }: { readonly stageName: string }): void {
    this.isFlushed = true;
    this.revocation?.addStage({ restApiId: this.api.restApiId, stageName });
  }

  /**
   * Answers to who is not let in: a challenge (RFC 6750), the denial's code, CORS headers. They are the API's, and
   * hold for its other authorizers too. None is made by itself, and none in the place of another: CloudFormation
   * writes over what API Gateway has, and would leave its default behind.
   * @throws Error for an API that this app does not define as a `RestApi`, since its own cannot be seen; at synthesis
   * where it has one of the four types, or their `DEFAULT_4XX` or `DEFAULT_5XX`, already.
   */
  addGatewayResponses({ cors }: GatewayResponsesOptions = {}): void {
    const { api } = this;
    if (!(api instanceof RestApi))
      throw new Error(
        `${api.node.path}: what it answers already cannot be seen; it is no RestApi of this app`,
      );
    const { allowOrigins, allowCredentials, exposeHeaders } =
      cors ?? api.root.defaultCorsPreflightOptions ?? {};
    const responses = authorizerResponsesOf(
      this.config,
      allowOrigins && {
        allowOrigins,
        allowCredentials: allowCredentials ?? false,
        exposeHeaders: exposeHeaders ?? [],
      },
    );
    const scope = new Construct(this, 'GatewayResponses');
    addGatewayResponses(scope, api, responses);
    const beside = () => responsesBeside(scope, api, Object.keys(responses));
    scope.node.addValidation({
      validate: () =>
        beside().map(
          ([type, path]) => `${path} answers ${type} already: remove it, or addGatewayResponses()`,
        ),
    });
  }

  /** For any method of the API. */
  get methodOptions(): ProtectedMethodOptions {
    this.shared ??= this.addShared();
    return optionsOf(this.shared);
  }

  /** For the methods of one resource: their answers are kept as long as is right for that resource. */
  forResource({ path }: Pick<IResource, 'path'>): ProtectedMethodOptions {
    const keying = keyingOf(this.config, path);
    const name = nameOf(keying);
    const known = this.references.get(name);
    if (known !== undefined) return optionsOf(known);
    const reference = addAuthorizer(this, name, {
      api: this.api,
      handler: this.handler,
      ...keyedProperties(keying),
    });
    this.references.set(name, reference);
    Annotations.of(this).addInfoV2(`jwt-authorizer:keying:${name}`, explain(keying));
    return optionsOf(reference);
  }

  /** How its answers are kept is known when all methods are. */
  private addShared(): AuthorizerReference {
    const keying = () => this.sharedKeying(reference.authorizerId);
    const reference = addAuthorizer(this, 'Shared', {
      api: this.api,
      handler: this.handler,
      name: Lazy.string({ produce: () => `Shared${nameOf(keying())}` }),
      type: Lazy.string({ produce: () => keying().type }),
      identitySource: Lazy.string({ produce: () => keyedProperties(keying()).identitySource }) as string,
      authorizerResultTtlInSeconds: Lazy.number({ produce: () => keying().cacheSeconds }),
    });
    return reference;
  }

  private sharedKeying(authorizerId: string): Keying {
    const methods = this.api.node.root.node.findAll().filter((found) => found instanceof Method);
    const paths = methods.filter((method) => isBy(method, authorizerId)).map(({ resource }) => resource.path);
    const keyings = keyingsOf(this.config, paths.length > 0 ? paths : ['/']).map(({ keying }) => keying);
    // Without identity sources nothing is kept, which is right for every method.
    const keying = keyings.find(({ identitySources }) => identitySources.length === 0) ?? keyings[0];
    if (keying === undefined) throw new Error('no keying for no method');
    return keying;
  }
}

const NO_STAGE =
  'no stage of the API is known, so that its authorizer cache could not be flushed; give one: forApi(api).addStage(stage)';

const isBy = ({ node }: Method, authorizerId: string): boolean =>
  node.defaultChild instanceof CfnMethod && node.defaultChild.authorizerId === authorizerId;

const optionsOf = ({ authorizerId, authorizationType }: AuthorizerReference): ProtectedMethodOptions => ({
  authorizationType,
  authorizer: { authorizerId, authorizationType },
});
