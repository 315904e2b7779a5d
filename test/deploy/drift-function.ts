import { callAws, endpoint } from './support.ts';

/** The function that a stack's schedule invokes to look at an API. */
export async function driftFunctionOf(restApiId: string): Promise<{ name: string; schedule: string }> {
  const { Functions } = (await callAws('lambda', { path: '/2015-03-31/functions?MaxItems=1000' })) as {
    Functions: {
      FunctionName: string;
      FunctionArn: string;
      Environment?: { Variables: Record<string, string> };
    }[];
  };
  const found = Functions.find(
    ({ Environment }) => Environment?.Variables['ATTACHED_REST_API_ID'] === restApiId,
  );
  if (found === undefined) throw new Error(`no function looks at ${restApiId}`);
  const events = (action: string, body: object) =>
    callAws('events', { method: 'POST', target: `AWSEvents.${action}`, body });
  const { RuleNames } = await events('ListRuleNamesByTarget', { TargetArn: found.FunctionArn });
  const { ScheduleExpression } = await events('DescribeRule', { Name: (RuleNames as string[])[0] });
  return { name: found.FunctionName, schedule: String(ScheduleExpression) };
}

/** @returns its log's lines that are JSON. */
export async function invoke(functionName: string): Promise<Record<string, unknown>[]> {
  const scope = 'test/20260101/us-east-1/lambda/aws4_request';
  const response = await fetch(`${endpoint}/2015-03-31/functions/${functionName}/invocations`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'x-amz-log-type': 'Tail',
    },
    body: JSON.stringify({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }),
  });
  const failed = response.headers.get('x-amz-function-error');
  if (failed !== null) throw new Error(`${functionName} failed: ${await response.text()}`);
  const log = Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64').toString('utf8');
  const lines = log.split('\n').map((line) => line.slice(Math.max(line.indexOf('{'), 0)));
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}
