import type { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  detailedName,
  METRIC_NAMESPACE,
  type MetricDetails,
  type MetricName,
} from '../lambda/authorizer/metric-names.ts';
import { needsTable } from '../lambda/config/modality.ts';
import type { AuthorizerConfig } from '../lambda/config/types.ts';

/** What time a metric's points cover, and what of the values in it they are. */
export interface Span {
  readonly period: Duration;
  readonly statistic: string;
  readonly label?: string;
}

/** What the function named so counted of a name, or of one of its details. */
export function countOf<Name extends MetricName>(
  functionName: string,
  name: Name,
  { period, detail }: { period: Duration; detail?: MetricDetails[Name] | undefined },
): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: detail === undefined ? name : detailedName(name, detail),
    dimensionsMap: { FunctionName: functionName },
    statistic: Stats.SUM,
    ...(detail !== undefined && { label: detail }),
    period,
  });
}

/** Whether there is a table, outages of which some callers do not see. */
export const bridgesOutages = (config: AuthorizerConfig): boolean =>
  config.staleCredentialSeconds !== undefined && needsTable(config);

/** Look-ups that an outage of the table was bridged with (`staleCredentialSeconds`). */
export const staleLookups = (functionName: string, period: Duration): Metric =>
  countOf(functionName, 'CredentialLookup', { period, detail: 'stale' });
