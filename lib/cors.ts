import { Duration } from 'aws-cdk-lib';
import type { CfnMethod, IResource } from 'aws-cdk-lib/aws-apigateway';
import type { Cors } from '../lambda/config/types.ts';

/**
 * Answers a resource's preflight requests. They carry no token, so OPTIONS stays without an authorizer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 */
export function addPreflight(resource: IResource, cors: Cors): void {
  const method = resource.addCorsPreflight({
    allowOrigins: [...cors.allowOrigins],
    allowMethods: [...cors.allowMethods],
    allowHeaders: [...cors.allowHeaders],
    ...(cors.exposeHeaders.length > 0 && { exposeHeaders: [...cors.exposeHeaders] }),
    allowCredentials: cors.allowCredentials,
    ...(cors.maxAgeSeconds !== undefined && { maxAge: Duration.seconds(cors.maxAgeSeconds) }),
  });
  // With all media types binary, API Gateway would take the mock's own template for bytes and answer 500
  // (aws/chalice issue 1310).
  (method.node.defaultChild as CfnMethod).addPropertyOverride(
    'Integration.ContentHandling',
    'CONVERT_TO_TEXT',
  );
}
