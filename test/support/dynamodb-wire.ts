/** Calls in DynamoDB's own protocol, where the SDK has no client at hand or costs too much. Nobody checks the signature. */
export type Answer = Record<string, unknown>;

/**
 * @param target as the header names it: `DynamoDB_20120810.BatchWriteItem`.
 * @param body JSON. @throws Error for any answer but 200.
 */
export async function callDynamoDb(endpoint: string, target: string, body: string): Promise<Answer> {
  const scope = 'test/20260101/us-east-1/dynamodb/aws4_request';
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20260101T000000Z',
      'x-amz-target': target,
    },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}
