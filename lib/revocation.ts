import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm, AlarmProps, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  EventSourceMapping,
  FilterCriteria,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type RevocationBound, revocationBound } from '../lambda/config/revocation-bound.ts';
import { STREAM_FILTERS } from '../lambda/revocation/stream-filter.ts';
import type { AuthorizerFunction } from './authorizer-function.ts';
import type { CredentialsTable } from './credentials-table.ts';
import { type FlushedStage, REVOCATION_TIMEOUT, RevocationFunction } from './revocation-function.ts';

export interface RevocationOptions {
  /**
   * Told of dead letters, of flushes that failed and of a stream that is not read in time.
   * @default - none; the alarms can be seen in CloudWatch alone
   */
  readonly alarmActions?: readonly IAlarmAction[] | undefined;
  /**
   * Folder of the built function: `index.mjs` and its chunks.
   * @default - `dist/lambda/revocation` of this package
   */
  readonly bundleFolder?: string | undefined;
  /**
   * How long the function's log is kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays | undefined;
}

/** What is asked of an `ITableV2`. */
export interface StreamedTable {
  readonly tableArn: string;
  readonly tableStreamArn?: string | undefined;
  readonly encryptionKey?: IKey | undefined;
}

export interface RevocationProps extends RevocationOptions {
  /**
   * The credentials table, or its replica in the stack's region, with a stream of new and old images: a change of
   * a global table is flushed in each region by that region's own. CloudFormation knows no replica's stream, and
   * `table.replica(region)` has a pattern in its place: give what `aws dynamodb describe-table` says there.
   */
  readonly table: StreamedTable;
  /**
   * The KMS key under which the table, and with it its stream, is encrypted.
   * @default - the table's own, as far as it is known
   */
  readonly encryptionKey?: IKey | undefined;
  /** The stages of this region whose authorizers read the table; more can be added. */
  readonly stages: readonly FlushedStage[];
  /** How long what is remembered and cached lasts; see `revocationBound`. */
  readonly bound: Pick<RevocationBound, 'flushAgainSeconds' | 'withoutFlushesSeconds'>;
}

/** How long Lambda gathers changes, and then flushes, before it invokes. */
const GATHER = { changes: Duration.seconds(1), flushes: Duration.seconds(2) };
const RETRY_SECONDS = 60;

/**
 * What makes a change in the credentials table count at API Gateway's caches: the table's stream, filtered to
 * what may take a right away → a function → a queue, now and once more later → the same function → a flush of each
 * stage's authorizer cache. A flush that fails comes again until no cache can hold any more what it was for.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export class Revocation extends Construct {
  readonly function: LambdaFunction;
  readonly queue: Queue;
  /** What could not be flushed in time. By then the caches have forgotten by themselves; it tells of a fault. */
  readonly deadLetters: Queue;
  readonly alarms: readonly Alarm[];
  private readonly stages: FlushedStage[];

  /** @throws Error when the table's stream is not known, or there is no built function. */
  constructor(scope: Construct, id: string, props: RevocationProps) {
    super(scope, id);
    const { table, bound } = props;
    const streamArn = assertStream(this, table);
    this.stages = [...props.stages];
    this.deadLetters = new Queue(this, 'DeadLetters', { ...SAFE, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Flushes', {
      ...SAFE,
      // Six times the function's limit, as AWS asks for; what failed is made to come again sooner.
      visibilityTimeout: Duration.seconds(6 * REVOCATION_TIMEOUT.toSeconds() + GATHER.flushes.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: receipts(bound.withoutFlushesSeconds) },
    });
    const made = new RevocationFunction(this, 'Handler', {
      queue: this.queue,
      stages: this.stages,
      flushAgainSeconds: bound.flushAgainSeconds,
      bundleFolder: props.bundleFolder,
      logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    });
    this.function = made.function;
    this.readStream(props, streamArn);
    this.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 100,
        maxBatchingWindow: GATHER.flushes,
        // The least there is: API Gateway's control plane has few requests a second.
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );
    this.alarms = this.addAlarms(props.alarmActions ?? []);
  }

  /** Another stage of the region whose authorizers read the table. */
  addStage(stage: FlushedStage): void {
    this.stages.push(stage);
  }

  private readStream(
    { table, encryptionKey = table.encryptionKey }: RevocationProps,
    streamArn: string,
  ): void {
    const verbs = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: verbs.map((verb) => `dynamodb:${verb}`), resources: [streamArn] }),
    );
    encryptionKey?.grantDecrypt(this.function);
    new EventSourceMapping(this, 'Changes', {
      target: this.function,
      eventSourceArn: streamArn,
      // LATEST may miss what happens while the mapping is made.
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: STREAM_FILTERS.map((pattern) => FilterCriteria.filter(pattern)),
      batchSize: 1000,
      maxBatchingWindow: GATHER.changes,
      // Again and again, until the stream itself forgets after a day: long after all caches.
    });
  }

  private addAlarms(actions: readonly IAlarmAction[]): readonly Alarm[] {
    const everyMinute = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };
    const alarm = (
      name: string,
      metric: Metric,
      props: Omit<AlarmProps, 'metric' | 'comparisonOperator' | 'treatMissingData'>,
    ) => {
      const made = metric.createAlarm(this, name, {
        ...props,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      made.addAlarmAction(...actions);
      return made;
    };
    return [
      alarm(
        'FlushFailed',
        new Metric({
          namespace: 'JwtAuthorizer',
          metricName: 'FlushFailed',
          dimensionsMap: { FunctionName: this.function.functionName },
          period: Duration.minutes(1),
          statistic: Stats.SUM,
        }),
        {
          threshold: 1,
          evaluationPeriods: 1,
          alarmDescription:
            'An authorizer cache could not be flushed; it is tried again. What was revoked may pass meanwhile.',
        },
      ),
      alarm('DeadLettersThere', this.deadLetters.metricApproximateNumberOfMessagesVisible(everyMinute), {
        threshold: 1,
        evaluationPeriods: 1,
        alarmDescription: "Flushes of authorizer caches were given up; see the function's log.",
      }),
      alarm('ChangesUnread', this.function.metric('IteratorAge', everyMinute), {
        threshold: UNREAD_MS,
        evaluationPeriods: 3,
        alarmDescription:
          'Changes of the credentials table wait for a minute or more. What was revoked may pass meanwhile.',
      }),
    ];
  }
}

/** @returns what flushes caches for an authorizer; undefined where there is nothing that could be flushed late. */
export function addRevocation(
  scope: Construct,
  { authorizer, credentialsTable, stages, options }: RevokedAuthorizer,
): Revocation | undefined {
  const bound = revocationBound(authorizer.config, authorizer.timeout.toSeconds());
  if (credentialsTable === undefined || bound === undefined || bound.authorizerCacheSeconds === 0)
    return undefined;
  const { table, encryptionKey } = credentialsTable;
  return new Revocation(scope, 'Revocation', { ...options, table, encryptionKey, stages, bound });
}

interface RevokedAuthorizer {
  readonly authorizer: AuthorizerFunction;
  readonly credentialsTable: CredentialsTable | undefined;
  readonly stages: readonly FlushedStage[];
  readonly options: RevocationOptions | undefined;
}

const SAFE = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
/** Milliseconds. */
const UNREAD_MS = 60_000;

/** CloudFormation takes no pattern for a stream that is to be read. */
function assertStream(scope: Construct, { tableStreamArn }: StreamedTable): string {
  if (tableStreamArn === undefined) throw new Error('the credentials table has no stream');
  if (JSON.stringify(Stack.of(scope).resolve(tableStreamArn)).includes('*'))
    throw new Error(
      'which stream? give the replica’s tableStreamArn: aws dynamodb describe-table --table-name NAME --region REGION --query Table.LatestStreamArn',
    );
  return tableStreamArn;
}

/** As often as it takes with retries of a minute until the caches have forgotten by themselves; ten at least. */
function receipts(withoutFlushesSeconds: number): number {
  return 10 + Math.ceil(withoutFlushesSeconds / RETRY_SECONDS);
}
