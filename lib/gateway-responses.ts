import {
  CfnGatewayResponse,
  GatewayResponse,
  type IRestApi,
  ResponseType,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { GatewayResponses } from '../lambda/config/gateway-responses.ts';

/**
 * Live with the API's next deployment, which the CDK makes for them.
 * @param scope the API where they are its own: their logical ids must not change, since CloudFormation would take back
 * the old one, which is the new one to API Gateway.
 */
export function addGatewayResponses(scope: Construct, api: RestApi, responses: GatewayResponses): void {
  // One to the CDK, but for its declaration under exactOptionalPropertyTypes.
  const restApi = api as IRestApi;
  for (const [type, { headers, template }] of Object.entries(responses)) {
    new GatewayResponse(scope, idOf(type), {
      restApi,
      type: ResponseType.of(type),
      ...(Object.keys(headers).length > 0 && { responseHeaders: { ...headers } }),
      ...(template !== undefined && { templates: { 'application/json': template } }),
    });
  }
}

/** `AccessDenied` for `ACCESS_DENIED`. */
const idOf = (type: string): string =>
  type
    .toLowerCase()
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');

/**
 * Types that the API has an answer for already: under its own name, or with all of its family.
 * @param scope whose own responses do not count.
 * @returns the paths of those responses in the app, by type.
 */
export function responsesBeside(
  scope: Construct,
  { node, restApiId }: Pick<RestApi, 'node' | 'restApiId'>,
  types: readonly string[],
): readonly (readonly [type: string, path: string])[] {
  const others = node.root.node
    .findAll()
    .filter((found) => found instanceof CfnGatewayResponse)
    .filter((found) => found.restApiId === restApiId && !found.node.scopes.includes(scope));
  return types.flatMap((type) =>
    others
      .filter(({ responseType }) => responseType === type || responseType === familyOf(type))
      .map((other) => [type, other.node.path] as const),
  );
}

const familyOf = (type: string): string => (type.startsWith('AUTHORIZER_') ? 'DEFAULT_5XX' : 'DEFAULT_4XX');
