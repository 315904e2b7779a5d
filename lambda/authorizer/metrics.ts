import type { WriteLine } from './log.ts';
import { detailedName, METRIC_NAMESPACE, type MetricDetails, type MetricName } from './metric-names.ts';

const FLUSH_EVERY_MS = 1000;
/** An outage is rare, and an alarm waits for it. */
const AT_ONCE: readonly MetricName[] = ['Unavailable', 'KeyRefreshFailed'];

/** Counts one of a name, and one of that name with its detail. */
export type Count = <Name extends MetricName>(name: Name, detail: MetricDetails[Name]) => void;

/**
 * Counts decisions in the process and writes them as one record at most every second: a record a request
 * costs more than the decision. What is counted when the environment freezes goes out with the next request.
 * The function's name is the only dimension, so that two deployments in an account do not mix.
 * @param now milliseconds since 1970.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics(
  write: WriteLine,
  { FunctionName, now }: { FunctionName: string; now: () => number },
): Count {
  const counted = new Map<MetricName, Map<MetricDetails[MetricName], number>>();
  let writtenAt = Number.NEGATIVE_INFINITY;
  const add = (name: MetricName, detail: MetricDetails[MetricName]) => {
    const ofName = counted.get(name) ?? new Map<MetricDetails[MetricName], number>();
    counted.set(name, ofName);
    ofName.set(detail, (ofName.get(detail) ?? 0) + 1);
  };
  return (name, detail) => {
    add(name, detail);
    // It is on the way to a decision, and goes out with that.
    if (name === 'CredentialLookup') return;
    const timestamp = now();
    if (!AT_ONCE.includes(name) && timestamp - writtenAt < FLUSH_EVERY_MS) return;
    const counts = Object.fromEntries([...counted].flatMap(([one, details]) => valuesOf(one, details)));
    write(JSON.stringify({ _aws: directive(timestamp, Object.keys(counts)), FunctionName, ...counts }));
    counted.clear();
    writtenAt = timestamp;
  };
}

/** All of a name, then each detail of it. */
function valuesOf(name: MetricName, details: ReadonlyMap<MetricDetails[MetricName], number>) {
  const all = [...details.values()].reduce((sum, count) => sum + count, 0);
  return [
    [name, all],
    ...[...details].map(([detail, count]) => [detailedName(name, detail), count]),
  ] as const;
}

function directive(Timestamp: number, names: readonly string[]): object {
  const Metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  return {
    Timestamp,
    CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [['FunctionName']], Metrics }],
  };
}
