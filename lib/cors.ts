import { Duration } from 'aws-cdk-lib';
import { type CfnMethod, type IResource, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
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

/**
 * The answers that API Gateway gives by itself, a 401 first of all: a challenge where the token is a bearer
 * token (RFC 6750 §3), and CORS headers, without which a page cannot even read the status.
 * @param bearer whether some policy expects `Authorization: Bearer`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function addGatewayResponses(api: RestApi, cors: Cors | undefined, bearer: boolean): void {
  const corsHeaders = cors === undefined ? {} : errorHeaders(cors);
  if (bearer)
    api.addGatewayResponse('Unauthorized', {
      type: ResponseType.UNAUTHORIZED,
      responseHeaders: { 'WWW-Authenticate': "'Bearer'", ...corsHeaders },
    });
  if (cors === undefined) return;
  api.addGatewayResponse('Default4xx', { type: ResponseType.DEFAULT_4XX, responseHeaders: corsHeaders });
  api.addGatewayResponse('Default5xx', { type: ResponseType.DEFAULT_5XX, responseHeaders: corsHeaders });
}

/**
 * Gateway responses cannot choose among origins. One is written down; of several, the asking one is
 * repeated, listed or not, but then never with credentials: a stranger's page sees what anyone sees.
 */
function errorHeaders({ allowOrigins, allowCredentials }: Cors): Record<string, string> {
  const [origin, ...others] = allowOrigins;
  if (others.length > 0)
    return { 'Access-Control-Allow-Origin': 'method.request.header.Origin', Vary: "'Origin'" };
  return {
    'Access-Control-Allow-Origin': `'${origin}'`,
    ...(allowCredentials && { 'Access-Control-Allow-Credentials': "'true'" }),
  };
}
