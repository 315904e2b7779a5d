import { HttpIntegration, type Integration, MockIntegration } from 'aws-cdk-lib/aws-apigateway';
import { formatTemplate, templateOf } from '../lambda/config/route-template.ts';
import { UPSTREAM_HEADERS } from '../lambda/config/upstream-headers.ts';

/** The names of a resource's path parameters, `{proxy+}` among them. */
export function pathParametersOf(resource: string): readonly string[] {
  return templateOf(resource).flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name]));
}

/**
 * Passes a resource's requests on to the same path below `upstream`, with the caller in the headers of the
 * closed list. A mapped header replaces the client's own of that name.
 * @param upstream origin and base path, without a slash at the end.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function upstreamIntegration(upstream: string, resource: string): Integration {
  const path = formatTemplate(
    templateOf(resource).map((segment) =>
      // An integration's URL names a greedy parameter without its plus sign.
      segment.kind === 'greedy' ? { kind: 'param', name: segment.name } : segment,
    ),
  );
  const parameters = pathParametersOf(resource).map(
    (name) => [`integration.request.path.${name}`, `method.request.path.${name}`] as const,
  );
  const headers = Object.entries(UPSTREAM_HEADERS).map(
    ([header, entry]) => [`integration.request.header.${header}`, `context.authorizer.${entry}`] as const,
  );
  return new HttpIntegration(`${upstream}${path}`, {
    httpMethod: 'ANY',
    proxy: true,
    options: { requestParameters: Object.fromEntries([...parameters, ...headers]) },
  });
}

/**
 * Stands in while there is no upstream: answers 200 with what the authorizer found out about the caller.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function echoIntegration(): Integration {
  return new MockIntegration({
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
    integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': ECHO } }],
  });
}

/** `escapeJavaScript` also escapes single quotes, which JSON does not know: AWS's page on it says so. */
const escaped = (reference: string) => `$util.escapeJavaScript(${reference}).replaceAll("\\\\'", "'")`;

const ECHO = `#set($caller = $context.authorizer)
{"authorizer": {#foreach($name in $caller.keySet())
#set($value = ${escaped('$caller.get($name)')})
"$util.escapeJavaScript($name)": "$value"#if($foreach.hasNext),#end
#end
}}
`;
