import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { withoutNodeVersionWarning } from '../../lambda/aws/node-version-warning.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { awsFailure } from './aws-failure.ts';

/** By name. */
export type StackOutputs = Readonly<Record<string, string>>;

const MAX_ATTEMPTS = 5;
/** CloudFormation's answer for a stack that is not there; it has no code of its own. */
const NOT_THERE = /does not exist/;

/**
 * What a deployed stack says of itself.
 * @param stack name or ARN; a deleted stack is found by its ARN alone, and counts as not there.
 * @param region @default the SDK's own
 * @throws CommandFailure
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export async function readStackOutputs(stack: string, region: string | undefined): Promise<StackOutputs> {
  const client = withoutNodeVersionWarning(
    () => new CloudFormationClient({ ...(region !== undefined && { region }), maxAttempts: MAX_ATTEMPTS }),
  );
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return outputsOf(stack, Stacks[0]);
  } catch (error) {
    throw whyNot(error, stack);
  } finally {
    client.destroy();
  }
}

function outputsOf(name: string, stack: Stack | undefined): StackOutputs {
  if (stack === undefined || stack.StackStatus === 'DELETE_COMPLETE') throw notThere(name);
  return Object.fromEntries(
    (stack.Outputs ?? []).flatMap(({ OutputKey: key, OutputValue: value }) =>
      key === undefined || value === undefined ? [] : [[key, value]],
    ),
  );
}

const notThere = (stack: string): CommandFailure =>
  new CommandFailure(`there is no stack ${stack} in this region and account; check --stack and --region`);

function whyNot(error: unknown, stack: string): unknown {
  if (error instanceof CommandFailure) return error;
  if (error instanceof Error && error.name === 'ValidationError')
    return NOT_THERE.test(error.message)
      ? notThere(stack)
      : new CommandFailure(`${JSON.stringify(stack)} is no name of a stack; check --stack`);
  const called = {
    what: `the stack ${stack}`,
    options: '--stack and --region',
    permissions: 'cloudformation:DescribeStacks',
  };
  return awsFailure(error, called) ?? error;
}
