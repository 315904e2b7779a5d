import { Duration, Names } from 'aws-cdk-lib';
import {
  type Alarm,
  type AlarmProps,
  ComparisonOperator,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../lambda/authorizer/metric-names.ts';
import type { AuthorizerFunction } from './authorizer-function.ts';
import { bridgesOutages, countOf, staleLookups } from './authorizer-metrics.ts';
import { apiMetric, type MonitoredApi, sumOf } from './monitored-api.ts';

export interface AlarmThresholds {
  /**
   * The alarm `Slow`: how long one decision in a hundred takes, in three of five minutes.
   * @default - half of the function's timeout
   */
  readonly slowAfter?: Duration | undefined;
  /**
   * The alarm `ManyDenied`: how many of a hundred requests are denied, in two periods of five minutes one after the
   * other.
   * @default 50
   */
  readonly deniedPercent?: number | undefined;
  /**
   * The alarm `ManyDenied`: fewer denials in five minutes are no spike, whatever their share.
   * @default 100
   */
  readonly deniedAtLeast?: number | undefined;
}

export interface AuthorizerAlarmsProps extends AlarmThresholds {
  readonly authorizer: AuthorizerFunction;
  readonly apis: readonly MonitoredApi[];
}

type Rule = Pick<AlarmProps, 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'alarmDescription'>;

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const ONCE = { threshold: 1, evaluationPeriods: 1 };

/**
 * What somebody should look at. None is on Lambda's `Errors`: an authorizer answers 401 by an error.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 */
export function addAuthorizerAlarms(scope: Construct, props: AuthorizerAlarmsProps): readonly Alarm[] {
  const { authorizer, apis } = props;
  const { functionName } = authorizer.function;
  const alarm = (id: string, metric: Pick<Metric, 'createAlarm'>, rule: Rule) =>
    metric.createAlarm(scope, id, {
      ...rule,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Where nobody calls, nothing is wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  const { slowAfter = Duration.millis(authorizer.timeout.toMilliseconds() / 2) } = props;
  return [
    alarm('Unavailable', countOf(functionName, 'Unavailable', { period: MINUTE }), {
      ...ONCE,
      alarmDescription:
        'Callers got 500 since a key, a secret or the credentials table could not be reached. The metrics ' +
        "Unavailable_* and the function's log say which.",
    }),
    alarm('Throttled', authorizer.function.metricThrottles({ period: MINUTE, statistic: Stats.SUM }), {
      ...ONCE,
      alarmDescription:
        'Lambda refused to run the authorizer, and callers got 500: the concurrency of the account, or what is ' +
        'reserved for the function, is used up.',
    }),
    alarm('Slow', authorizer.function.metricDuration({ period: MINUTE, statistic: 'p99' }), {
      threshold: slowAfter.toMilliseconds(),
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      alarmDescription:
        'Decisions take long. Next they run out of time, which callers see as 500. Look at where keys come from, at the ' +
        "credentials table, and at the function's memory.",
    }),
    alarm('KeyRefreshFailed', countOf(functionName, 'KeyRefreshFailed', { period: FIVE_MINUTES }), {
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      alarmDescription:
        'Keys could not be fetched for a while. Those at hand serve for a day at most, and new ones of the issuer are ' +
        "not known. The function's log says which policy, and why.",
    }),
    ...(bridgesOutages(authorizer.config)
      ? [
          alarm('StaleCredentials', staleLookups(functionName, MINUTE), {
            threshold: 1,
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
            alarmDescription:
              'The credentials table cannot be read, and callers are let in by what was read before: what was taken away since ' +
              "does not count. The function's log says why (stale_credentials).",
          }),
        ]
      : []),
    // Without an API nobody knows how many requests there are.
    ...(apis.length === 0
      ? []
      : [
          alarm('ManyDenied', deniedShare(functionName, props), {
            threshold: props.deniedPercent ?? 50,
            evaluationPeriods: 2,
            alarmDescription:
              "A large share of requests is denied: an issuer's keys or claims have changed, clients are out of date, or " +
              'somebody tries tokens. The metrics Denied_* say for what.',
          }),
        ]),
    ...apis.flatMap((monitored) => {
      const name = Names.nodeUniqueId(monitored.api.node);
      const share = apiMetric(monitored, '5XXError', { period: MINUTE, statistic: Stats.AVERAGE });
      const failed = authorizerFailures(scope, monitored);
      return [
        alarm(`ServerErrors${name}`, share, {
          threshold: 0.05,
          evaluationPeriods: 3,
          alarmDescription:
            'One request in twenty or more is answered with 5XX, by the upstream or for want of an authorizer; the ' +
            "access log's errorType tells them apart.",
        }),
        ...(failed === undefined
          ? []
          : [
              alarm(`AuthorizerFailed${name}`, failed, {
                ...ONCE,
                alarmDescription:
                  'API Gateway got no answer from the authorizer, and the caller 500: it did not start, ran out of time, may ' +
                  "not be invoked, or is unavailable. The access log's authorizerError says more.",
              }),
            ]),
      ];
    }),
  ];
}

/**
 * Of what callers asked for, how much the function denied, in percent. Not a plain number, which would be reached by more
 * traffic alone; nor of the function's decisions, of which API Gateway remembers those that allow.
 */
function deniedShare(
  functionName: string,
  { apis, deniedAtLeast = 100 }: AuthorizerAlarmsProps,
): MathExpression {
  const requests = sumOf(apis, 'Count', { period: FIVE_MINUTES });
  return new MathExpression({
    expression: `IF(FILL(denied, 0) >= ${deniedAtLeast}, 100 * FILL(denied, 0) / requests, 0)`,
    usingMetrics: { denied: countOf(functionName, 'Denied', { period: FIVE_MINUTES }), requests },
    label: 'denied, % of requests',
    period: FIVE_MINUTES,
  });
}

/** Requests that API Gateway answered with 500 for want of an authorizer's answer, counted in its access log. */
function authorizerFailures(scope: Construct, { api, accessLog }: MonitoredApi): Metric | undefined {
  if (accessLog === undefined) return undefined;
  const metricName = 'AuthorizerFailed';
  const types = ['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR'];
  new MetricFilter(scope, `${metricName}In${Names.nodeUniqueId(api.node)}`, {
    logGroup: accessLog,
    filterPattern: FilterPattern.any(
      ...types.map((type) => FilterPattern.stringValue('$.errorType', '=', type)),
    ),
    metricNamespace: METRIC_NAMESPACE,
    metricName,
    metricValue: '1',
    dimensions: { ApiId: '$.apiId' },
  });
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { ApiId: api.restApiId },
    statistic: Stats.SUM,
    period: MINUTE,
  });
}
