import type { FlushOutcome } from './flush-wishes.ts';

/** Takes one line of JSON. Never an image: one of a credential names its holder. */
export type WriteLine = (line: string) => void;

/** One line for each stage whose cache could not be flushed. */
export function logFailedFlush(write: WriteLine, { stage, error }: FlushOutcome): void {
  const { name } = error instanceof Error ? error : new Error('not an error');
  // What a connection says of itself, such as ECONNREFUSED, which has no name of its own.
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  write(JSON.stringify({ level: 'error', message: 'flush_failed', stage, reason: name, code }));
}

/** One line for a batch of the stream in which something was taken away. */
export function logChanges(write: WriteLine, counts: { changes: number; taking: number }): void {
  write(JSON.stringify({ level: 'info', message: 'changed', ...counts }));
}

/**
 * How many caches were flushed, and how many could not be; counted for this function alone, so that one stack's
 * alarm is none of another's.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(
  write: WriteLine,
  outcomes: readonly FlushOutcome[],
  { functionName, nowMs }: { readonly functionName: string; readonly nowMs: number },
): void {
  if (outcomes.length === 0) return;
  const FlushFailed = outcomes.filter(({ error }) => error !== undefined).length;
  const Metrics = ['Flushed', 'FlushFailed'].map((Name) => ({ Name, Unit: 'Count' }));
  const directive = { Namespace: 'JwtAuthorizer', Dimensions: [['FunctionName']], Metrics };
  write(
    JSON.stringify({
      _aws: { Timestamp: nowMs, CloudWatchMetrics: [directive] },
      FunctionName: functionName,
      Flushed: outcomes.length - FlushFailed,
      FlushFailed,
    }),
  );
}
