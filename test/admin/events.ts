import type { APIGatewayProxyEvent } from 'aws-lambda';

export const CALLER = 'arn:aws:sts::111122223333:assumed-role/ops/ann';

/** What a REST API with IAM authorization hands to its function. @param body sent as JSON when it is given. */
export function restEvent(
  method: string,
  path: string,
  { body, query }: { body?: unknown; query?: Record<string, string> } = {},
): APIGatewayProxyEvent {
  const headers: Record<string, string> = {
    Host: 'abc.execute-api.eu-west-1.amazonaws.com',
    Authorization: 'AWS4-HMAC-SHA256 Credential=secret-of-the-signature',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  const lists = <T>(values: Record<string, T>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: lists(headers),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query === undefined ? null : lists(query),
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      domainName: headers['Host'],
      stage: 'prod',
      identity: { userArn: CALLER },
    } as APIGatewayProxyEvent['requestContext'],
  };
}
