/** A stack's outputs by the SDK's own client, against a server that speaks CloudFormation's protocol. */
import { beforeAll, describe, expect, it, test } from 'vitest';
import { readStackOutputs } from '../../../bin/attachment/stack-outputs.ts';
import { CommandFailure } from '../../../bin/consumers/failure.ts';
import { type CloudFormation, startCloudFormation } from '../../support/cloud-formation.ts';
import { closeAtEnd } from '../../support/gateway.ts';
import { withEnvironment } from '../environment.ts';

let aws: CloudFormation;
beforeAll(async () => {
  aws = closeAtEnd(await startCloudFormation());
});

const LOCAL = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
const ISOLATED = {
  AWS_CONFIG_FILE: '/none',
  AWS_SHARED_CREDENTIALS_FILE: '/none',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const read = (stack: string, variables: Record<string, string | undefined> = {}, region?: string) =>
  withEnvironment({ ...ISOLATED, ...LOCAL, AWS_ENDPOINT_URL_CLOUDFORMATION: aws.origin, ...variables }, () =>
    readStackOutputs(stack, region),
  );

/** Of what a person reads: one line, and what AWS said is not in it. */
async function failureOf(reading: Promise<unknown>): Promise<string> {
  const failure = await reading.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CommandFailure);
  const { message } = failure as CommandFailure;
  expect(message.split('\n')).toHaveLength(1);
  return message;
}

describe('outputs of a stack', () => {
  it('are read by name, as they stand', async () => {
    const outputs = { AuthorizerFunctionArn: 'arn:aws:lambda:us-east-1:1:function:f:3', Text: 'a <b> & c' };
    aws.stacks.set('Orders', { outputs });
    expect(await read('Orders')).toEqual(outputs);
    expect(aws.asked.at(-1)).toBe('Orders');
  });

  test.each([
    ['none', {}],
    ['no such element', undefined],
  ])('may be missing: %s', async (_, outputs) => {
    aws.stacks.set('Empty', outputs === undefined ? {} : { outputs });
    expect(await read('Empty')).toEqual({});
  });

  it('tells a stack that is not there, or not any more', async () => {
    aws.stacks.set('Deleted', { status: 'DELETE_COMPLETE', outputs: { A: 'a' } });
    for (const stack of ['Unknown', 'Deleted'])
      expect(await failureOf(read(stack))).toMatch(new RegExp(`no stack ${stack} .*--stack and --region`));
  });
});

describe('what AWS refuses', () => {
  test.each([
    ['AccessDenied', 403, 'cloudformation:DescribeStacks'],
    ['ExpiredToken', 403, 'log in again'],
    ['InvalidClientTokenId', 403, 'log in again'],
    ['ServiceUnavailable', 503, 'cannot be reached (ServiceUnavailable)'],
  ])('%s', async (code, status, said) => {
    aws.trouble = { code, status };
    expect(await failureOf(read('Orders'))).toContain(said);
    aws.trouble = undefined;
  });

  test.each([
    ['no region', { AWS_REGION: undefined }, '--region'],
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }, 'AWS_PROFILE'],
    ['nobody there', { AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:9' }, 'network'],
  ])('%s', async (_, variables, said) => {
    expect(await failureOf(read('Orders', variables))).toContain(said);
  });

  it('takes --region where the environment has none', async () => {
    aws.stacks.set('Orders', { outputs: {} });
    expect(await read('Orders', { AWS_REGION: undefined }, 'eu-west-1')).toEqual({});
  });
});
