import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { Span } from './authorizer-metrics.ts';

/** A stage of an API that the authorizer protects. */
export interface MonitoredApi {
  /** Any `IRestApi` with a name. */
  readonly api: IConstruct & {
    readonly restApiId: string;
    readonly restApiName: string;
    readonly deploymentStage?: { readonly stageName: string } | undefined;
  };
  /**
   * The stage's name.
   * @default - that of the API's deployment stage
   */
  readonly stageName?: string | undefined;
  /**
   * The stage's access log in the format of `accessLogFormat()`: what callers were refused for a fault of the authorizer
   * is counted there, whatever the fault.
   * @default - none; an authorizer that does not start, or runs out of time, shows among the API's 5XX errors alone
   */
  readonly accessLog?: ILogGroup | undefined;
}

/**
 * A metric that API Gateway keeps of a stage, without charge.
 * @throws Error when no stage is known.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export function apiMetric({ api, stageName }: MonitoredApi, metricName: string, span: Span): Metric {
  const Stage = stageName ?? api.deploymentStage?.stageName;
  if (Stage === undefined) throw new Error(`which stage of ${api.node.path}? give its stageName`);
  const dimensionsMap = { ApiName: api.restApiName, Stage };
  return new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, ...span });
}

/** What all stages together count. @param label as the graph names it. */
export function sumOf(
  apis: readonly MonitoredApi[],
  metricName: string,
  span: Omit<Span, 'statistic'>,
): IMetric {
  const metrics = apis.map((api) => apiMetric(api, metricName, { ...span, statistic: Stats.SUM }));
  // A graph may have several such sums, and each name once.
  const prefix = `m${metricName.toLowerCase()}`;
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`${prefix}${index}`, metric]));
  const expression = Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`);
  const { label = metricName, period } = span;
  return new MathExpression({ expression: expression.join(' + '), usingMetrics, label, period });
}
