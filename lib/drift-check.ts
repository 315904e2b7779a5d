import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { METRIC_NAMESPACE } from '../lambda/authorizer/metric-names.ts';
import { allowPassing, LONGEST_RUN } from './attachment-function.ts';
import type { AttachmentJournal } from './attachment-journal.ts';
import { addFunctionIdentity, addNodeFunction } from './node-function.ts';

export interface DriftCheckOptions {
  /**
   * How often the stages are looked at: whole minutes, up to a day.
   * @default Duration.hours(1)
   */
  readonly interval?: Duration | undefined;
  /**
   * Whether to attach again where a method was found open: by the rules of the attachment, so that pending edits of
   * others, say, are refused then too. The alarm tells in any case.
   * @default false
   */
  readonly reattach?: boolean | undefined;
}

export interface DriftCheckProps extends DriftCheckOptions {
  readonly restApiId: string;
  readonly journal: AttachmentJournal;
  /** For authorizers that are made anew. */
  readonly invokeRole: IRole;
  /** Of the built attachment. */
  readonly folder: string;
  readonly logRetention: RetentionDays;
  readonly alarmActions: readonly IAlarmAction[];
}

export const DEFAULT_INTERVAL = Duration.hours(1);

/**
 * Looks again and again at what the attached stages serve: the owner of an API can open its methods without knowing it, by a
 * rollback, which points a stage at an old deployment, or by an import, which writes all methods anew.
 */
export class DriftCheck extends Construct {
  readonly function: LambdaFunction;
  readonly role: IRole;
  readonly alarms: readonly Alarm[];
  /** How many methods the last look found that are served without the authorizer, and should not be. */
  readonly driftedMethods: Metric;
  private readonly rule: Rule;

  constructor(scope: Construct, id: string, props: DriftCheckProps) {
    super(scope, id);
    const { interval = DEFAULT_INTERVAL, reattach = false, journal, restApiId } = props;
    const identity = addFunctionIdentity(this, props.logRetention);
    this.role = identity.role;
    this.function = addNodeFunction(this, {
      description: 'Looks whether methods of a REST API are still behind the JWT authorizer',
      folder: props.folder,
      identity,
      handler: 'driftCheck',
      memorySize: 512,
      timeout: LONGEST_RUN,
      // The next one comes with the schedule.
      retryAttempts: 0,
      environment: {
        ATTACHMENT_JOURNAL_TABLE: journal.table.tableName,
        ATTACHED_REST_API_ID: restApiId,
        DRIFT_REATTACH: `${reattach}`,
      },
    });
    if (reattach) {
      journal.grantReadWrite(this.role);
      allowPassing(this.role, props.invokeRole);
    } else journal.grantRead(this.role);
    this.rule = new Rule(this, 'Schedule', {
      description: 'Looks whether methods of a REST API are still behind the JWT authorizer',
      schedule: Schedule.rate(interval),
      targets: [new LambdaTarget(this.function, { retryAttempts: 0 })],
    });
    this.driftedMethods = new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: 'DriftedMethods',
      dimensionsMap: { FunctionName: this.function.functionName },
      statistic: Stats.MAXIMUM,
      // Within one of which there is a look, so that none is forgotten between two.
      period: interval,
    });
    this.alarms = this.addAlarms(interval, props.alarmActions);
  }

  /** It begins when there is something to look at, and ends before that is taken away. */
  startsAfter(attachment: IDependable): void {
    this.rule.node.addDependency(attachment);
  }

  private addAlarms(period: Duration, actions: readonly IAlarmAction[]): readonly Alarm[] {
    const rule = {
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    };
    const alarms = [
      this.driftedMethods.createAlarm(this, 'Drifted', {
        ...rule,
        evaluationPeriods: 1,
        // Open until a look says that it is not.
        treatMissingData: TreatMissingData.IGNORE,
        alarmDescription:
          'Methods that should be behind the JWT authorizer are served without it: somebody moved a stage back, imported the API ' +
          "or changed its methods. The drift check's log names them; jwt-authorizer attach attaches again what the stack has " +
          'attached.',
      }),
      this.function.metricErrors({ period, statistic: Stats.SUM }).createAlarm(this, 'DriftCheckFailed', {
        ...rule,
        evaluationPeriods: 2,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription:
          'Twice in a row nobody could look whether methods are still behind the JWT authorizer; see the log of the drift check.',
      }),
    ];
    for (const alarm of alarms) alarm.addAlarmAction(...actions);
    return alarms;
  }
}
