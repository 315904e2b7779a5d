/**
 * DescribeStacks on the loopback, in CloudFormation's own protocol (awsQuery: a form in, XML out).
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
import { text } from 'node:stream/consumers';
import { serve } from '../keys/support.ts';

export interface CloudFormation {
  readonly origin: string;
  /** By name. */
  readonly stacks: Map<string, ModelStack>;
  /** Names that were asked for. */
  readonly asked: (string | null)[];
  /** What every request is answered with instead. */
  trouble: { readonly code: string; readonly status: number } | undefined;
  close(): Promise<void>;
}

export interface ModelStack {
  /** @default CREATE_COMPLETE */
  readonly status?: string;
  /** None: a stack without outputs has no such element. */
  readonly outputs?: Readonly<Record<string, string>>;
}

export async function startCloudFormation(): Promise<CloudFormation> {
  const model: Omit<CloudFormation, 'origin' | 'close'> = {
    stacks: new Map(),
    asked: [],
    trouble: undefined,
  };
  const { origin, close } = await serve(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const name = form.get('StackName');
    model.asked.push(name);
    const { status, xml } = answerTo(form.get('Action'), name, model);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  return Object.assign(model, { origin, close });
}

function answerTo(
  action: string | null,
  name: string | null,
  { stacks, trouble }: Pick<CloudFormation, 'stacks' | 'trouble'>,
): { readonly status: number; readonly xml: string } {
  if (trouble !== undefined) return refused(trouble.status, trouble.code, trouble.code);
  if (action !== 'DescribeStacks') return refused(400, 'InvalidAction', `Could not find operation ${action}`);
  const stack = stacks.get(name ?? '');
  if (name === null || stack === undefined)
    return refused(400, 'ValidationError', `Stack with id ${name} does not exist`);
  return { status: 200, xml: described(name, stack) };
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

function described(name: string, { status = 'CREATE_COMPLETE', outputs }: ModelStack): string {
  const members = Object.entries(outputs ?? {}).map(
    ([key, value]) => `
          <member>
            <OutputKey>${key}</OutputKey>
            <OutputValue>${escaped(value)}</OutputValue>
            <Description>What it is</Description>
          </member>`,
  );
  return `<DescribeStacksResponse xmlns="${NAMESPACE}">
  <DescribeStacksResult>
    <Stacks>
      <member>
        <StackName>${name}</StackName>
        <StackId>arn:aws:cloudformation:us-east-1:111122223333:stack/${name}/aaf549a0-a413-11df-adb3-5081b3858e83</StackId>
        <CreationTime>2026-07-27T22:28:28Z</CreationTime>
        <StackStatus>${status}</StackStatus>
        <DisableRollback>false</DisableRollback>${outputs === undefined ? '' : `\n        <Outputs>${members.join('')}\n        </Outputs>`}
      </member>
    </Stacks>
  </DescribeStacksResult>
  <ResponseMetadata>
    <RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId>
  </ResponseMetadata>
</DescribeStacksResponse>
`;
}

const refused = (status: number, code: string, message: string) => ({
  status,
  xml: `<ErrorResponse xmlns="${NAMESPACE}">
  <Error>
    <Type>Sender</Type>
    <Code>${code}</Code>
    <Message>${escaped(message)}</Message>
  </Error>
  <RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId>
</ErrorResponse>
`,
});

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
