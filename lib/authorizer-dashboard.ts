import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { DENIALS, type DenialCode } from '../lambda/authorizer/denial.ts';
import { METRIC_NAMESPACE } from '../lambda/authorizer/metric-names.ts';
import { needsTable } from '../lambda/config/modality.ts';
import type { AuthorizerFunction } from './authorizer-function.ts';
import { bridgesOutages, countOf, staleLookups } from './authorizer-metrics.ts';
import type { DriftCheck } from './drift-check.ts';
import { apiMetric, type MonitoredApi, sumOf } from './monitored-api.ts';
import type { Revocation } from './revocation.ts';

export interface DashboardContent {
  readonly authorizer: AuthorizerFunction;
  readonly apis: readonly MonitoredApi[];
  readonly driftChecks: readonly DriftCheck[];
  readonly revocation: Revocation | undefined;
  readonly alarms: readonly Alarm[];
}

const PERIOD = Duration.minutes(5);
const PERCENT = { leftYAxis: { min: 0, max: 100, label: '%', showUnits: false } };
const MILLISECONDS = { leftYAxis: { min: 0, label: 'ms', showUnits: false } };

/** The rows of the dashboard, each from left to right. */
export function dashboardRows(content: DashboardContent): IWidget[][] {
  const alarms = new AlarmStatusWidget({
    title: 'Alarms',
    alarms: [...content.alarms],
    width: 24,
    height: 3,
  });
  const rows = [decisions, answers, caches, keysAndFlushes].map((row) => row(content));
  return [[alarms], ...rows.map((graphs) => graphs.map((graph) => widget(graph, 24 / graphs.length)))];
}

type Graph = Pick<GraphWidgetProps, 'title' | 'left' | 'leftYAxis' | 'stacked'>;

const widget = (graph: Graph, width: number): IWidget =>
  new GraphWidget({ ...graph, width, height: 6, period: PERIOD });

const percentage = (expression: string, label: string, usingMetrics: Record<string, IMetric>): IMetric =>
  new MathExpression({ expression, label, usingMetrics, period: PERIOD });

function decisions({ authorizer }: DashboardContent): Graph[] {
  const { functionName } = authorizer.function;
  const outcomes = ['Allowed', 'Denied', 'Unavailable'] as const;
  const codes = Object.keys(DENIALS) as DenialCode[];
  return [
    {
      title: 'Decisions of the authorizer',
      left: outcomes.map((name) => countOf(functionName, name, { period: PERIOD })),
    },
    {
      title: 'Denials by code',
      left: codes.map((detail) => countOf(functionName, 'Denied', { period: PERIOD, detail })),
      stacked: true,
    },
  ];
}

function answers({ authorizer, apis }: DashboardContent): Graph[] {
  const duration = (statistic: string) =>
    authorizer.function.metricDuration({ period: PERIOD, statistic, label: statistic });
  const latency = (monitored: MonitoredApi, statistic: string) =>
    apiMetric(monitored, 'Latency', {
      period: PERIOD,
      statistic,
      label: `${monitored.api.restApiName} ${statistic}`,
    });
  return [
    {
      title: 'Duration of the authorizer',
      left: ['p50', 'p99', Stats.MAXIMUM].map(duration),
      ...MILLISECONDS,
    },
    ...(apis.length === 0
      ? []
      : [
          {
            title: 'Latency of the API, its upstream included',
            left: apis.flatMap((api) => ['p50', 'p99'].map((statistic) => latency(api, statistic))),
            ...MILLISECONDS,
          },
          {
            title: 'Requests of the API, and errors',
            left: ['Count', '4XXError', '5XXError'].map((name) => sumOf(apis, name, { period: PERIOD })),
          },
        ]),
  ];
}

function caches({ authorizer, apis }: DashboardContent): Graph[] {
  const { functionName } = authorizer.function;
  const invocations = authorizer.function.metricInvocations({ period: PERIOD, label: 'invocations' });
  const throttled = authorizer.function.metricThrottles({ period: PERIOD, label: 'throttled' });
  const lookups = countOf(functionName, 'CredentialLookup', { period: PERIOD });
  const remembered = countOf(functionName, 'CredentialLookup', { period: PERIOD, detail: 'remembered' });
  return [
    ...(apis.length === 0
      ? [{ title: 'Invocations of the authorizer', left: [invocations, throttled] }]
      : requestsAnd(apis, invocations, throttled)),
    ...(needsTable(authorizer.config)
      ? [
          {
            title: 'Credentials that the function remembered',
            left: [percentage('100 * FILL(remembered, 0) / lookups', 'of look-ups', { remembered, lookups })],
            ...PERCENT,
          },
        ]
      : []),
    ...(bridgesOutages(authorizer.config)
      ? [{ title: 'Look-ups while the table could not be read', left: [staleLookups(functionName, PERIOD)] }]
      : []),
  ];
}

function requestsAnd(apis: readonly MonitoredApi[], invocations: IMetric, throttled: IMetric): Graph[] {
  const requests = sumOf(apis, 'Count', { period: PERIOD, label: 'requests' });
  const withoutInvocation = '100 * (1 - invocations / requests)';
  return [
    { title: 'Requests, and invocations of the authorizer', left: [requests, invocations, throttled] },
    {
      title: 'Requests that invoked nothing: cached answers, preflights',
      left: [percentage(withoutInvocation, 'of requests', { invocations, requests })],
      ...PERCENT,
    },
  ];
}

function keysAndFlushes({ authorizer, revocation, driftChecks }: DashboardContent): Graph[] {
  const { functionName } = authorizer.function;
  const kinds = [...new Set(authorizer.config.policies.map(({ keySource }) => keySource.kind))];
  return [
    {
      title: 'Allowed, by where the key came from',
      left: [...kinds, 'anonymous' as const].map((detail) =>
        countOf(functionName, 'Allowed', { period: PERIOD, detail }),
      ),
    },
    {
      title: 'Keys that could not be fetched',
      left: kinds.map((detail) => countOf(functionName, 'KeyRefreshFailed', { period: PERIOD, detail })),
    },
    ...(revocation === undefined
      ? []
      : [
          {
            title: 'Flushes of authorizer caches',
            left: ['Flushed', 'FlushFailed'].map((metricName) => flushMetric(revocation, metricName)),
          },
        ]),
    ...(driftChecks.length === 0
      ? []
      : [
          {
            title: 'Methods that others opened again',
            left: driftChecks.map(({ driftedMethods }) => driftedMethods),
          },
        ]),
  ];
}

function flushMetric(revocation: Revocation, metricName: string): IMetric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { FunctionName: revocation.function.functionName },
    statistic: Stats.SUM,
    period: PERIOD,
  });
}
