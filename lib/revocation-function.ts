import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { bundleIn } from './authorizer-bundle.ts';
import { addFunctionIdentity, addNodeFunction } from './node-function.ts';

/** A deployed stage of a REST API in the stack's region. */
export interface FlushedStage {
  readonly restApiId: string;
  readonly stageName: string;
}

export interface RevocationFunctionProps {
  readonly queue: Queue;
  /** Read at synthesis, so that stages may still be added. */
  readonly stages: readonly FlushedStage[];
  /** When the second flush is due. */
  readonly flushAgainSeconds: number;
  readonly bundleFolder?: string | undefined;
  readonly logRetention: RetentionDays;
}

/** What a flush may take, with its retries; the function itself gives up before. */
export const REVOCATION_TIMEOUT = Duration.seconds(30);

/** The function between the table's stream, the queue and API Gateway. */
export class RevocationFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  /** @throws Error when there is no bundle in the folder. */
  constructor(scope: Construct, id: string, props: RevocationFunctionProps) {
    super(scope, id);
    const folder = bundleIn(props.bundleFolder, 'revocation');
    const { queue, stages } = props;
    const identity = addFunctionIdentity(this, props.logRetention);
    this.role = identity.role;
    queue.grantSendMessages(this.role);
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['apigateway:DELETE'],
        resources: Lazy.list({ produce: () => stages.map((stage) => cacheArn(this, stage)) }),
      }),
    );
    this.function = addNodeFunction(this, {
      description: "Flushes API Gateway's authorizer caches when the credentials table takes a right away",
      folder,
      identity,
      memorySize: 256,
      timeout: REVOCATION_TIMEOUT,
      // What is due later than SQS can hold it back goes through the queue again, five times at most. Lambda counts
      // such rounds along a trace, of which the messages of a batch share one, and would end them at sixteen.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        FLUSH_STAGES: Lazy.string({
          produce: () => stages.map(({ restApiId, stageName }) => `${restApiId}/${stageName}`).join(','),
        }),
        FLUSH_QUEUE_URL: queue.queueUrl,
        FLUSH_AGAIN_SECONDS: `${props.flushAgainSeconds}`,
      },
    });
  }
}

/**
 * Nothing else of the API can be deleted with it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
 */
function cacheArn(scope: Construct, { restApiId, stageName }: FlushedStage): string {
  for (const part of [restApiId, stageName])
    if (!Token.isUnresolved(part) && !/^[A-Za-z0-9_-]+$/.test(part))
      throw new Error(`no name of an API or a stage: ${part}`);
  return Stack.of(scope).formatArn({
    service: 'apigateway',
    account: '',
    resource: '',
    resourceName: `restapis/${restApiId}/stages/${stageName}/cache/authorizers`,
  });
}
