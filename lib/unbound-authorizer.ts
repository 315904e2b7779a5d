import { Lazy } from 'aws-cdk-lib';
import { Authorizer, type IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { ApiAuthorizer } from './api-authorizer.ts';

/**
 * Stands for the authorizer of an API that does not exist yet, as in the `defaultMethodOptions` of a `RestApi`:
 * which one it is follows from the first method that uses it.
 */
export class UnboundAuthorizer extends Authorizer {
  readonly authorizerId: string;
  private bound: { readonly api: IRestApi; readonly authorizer: ApiAuthorizer } | undefined;
  private readonly bind: (api: IRestApi) => ApiAuthorizer;

  constructor(scope: Construct, id: string, bind: (api: IRestApi) => ApiAuthorizer) {
    super(scope, id);
    this.bind = bind;
    this.authorizerId = Lazy.string({
      produce: () => this.bound?.authorizer.methodOptions.authorizer.authorizerId,
    });
  }

  /**
   * Called by each method that uses it.
   * @throws Error for a method of another API: an authorizer belongs to one.
   */
  _attachToApi(api: IRestApi): void {
    this.bound ??= { api, authorizer: this.bind(api) };
    if (this.bound.api !== api)
      throw new Error(
        `these method options belong to ${this.bound.api.node.path}; take others for ${api.node.path} (methodOptions of the JwtAuthorizer gives new ones each time)`,
      );
    // Made now: at synthesis it would be too late for a resource.
    void this.bound.authorizer.methodOptions;
  }
}
