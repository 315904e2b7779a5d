import type { WriteLine } from './log.ts';

const FLUSH_EVERY_MS = 1000;
const NAMES = ['Allowed', 'Denied', 'Unavailable', 'KeyRefreshFailed'] as const;
const AT_ONCE: readonly string[] = ['Unavailable', 'KeyRefreshFailed'];
export type MetricName = (typeof NAMES)[number];

/**
 * Counts decisions in the process and writes them as one record at most every second: a record a request
 * costs more than the decision. What is counted when the environment freezes goes out with the next request.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics(write: WriteLine, now: () => number): (name: MetricName) => void {
  let counts: Partial<Record<MetricName, number>> = {};
  let writtenAt = Number.NEGATIVE_INFINITY;
  return (name) => {
    counts[name] = (counts[name] ?? 0) + 1;
    const timestamp = now();
    // An outage is written at once: it is rare, and an alarm waits for it.
    if (!AT_ONCE.includes(name) && timestamp - writtenAt < FLUSH_EVERY_MS) return;
    write(JSON.stringify({ _aws: directive(timestamp, Object.keys(counts)), ...counts }));
    counts = {};
    writtenAt = timestamp;
  };
}

function directive(timestamp: number, names: readonly string[]): object {
  const Metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  return {
    Timestamp: timestamp,
    CloudWatchMetrics: [{ Namespace: 'JwtAuthorizer', Dimensions: [[]], Metrics }],
  };
}
