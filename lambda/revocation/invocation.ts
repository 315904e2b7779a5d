import type { DynamoDBBatchResponse, DynamoDBRecord, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Settings } from './environment.ts';
import { type FlushOutcome, flushWishes } from './flush-wishes.ts';
import { logChanges, logFailedFlush, type WriteLine, writeMetrics } from './log.ts';
import { messageOf, wishesAfterChange } from './message.ts';
import type { Queue } from './queue.ts';
import type { Stage } from './stage.ts';
import { takesRightAway } from './takes-right-away.ts';

/** What Lambda polls for us: the table's stream, and the queue of flushes. Never both in one event. */
export interface RevocationEvent {
  readonly Records: readonly (DynamoDBRecord | SQSRecord)[];
}

export interface RevocationDependencies extends Settings {
  readonly queue: Queue;
  readonly flush: (stage: Stage, signal: AbortSignal) => Promise<void>;
  readonly write: WriteLine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Names its metrics. */
  readonly functionName: string;
}

export type RevocationHandler = (event: RevocationEvent) => Promise<SQSBatchResponse | DynamoDBBatchResponse>;

/** Four a second from an invocation, of which there are two at most: the account has ten for everything. */
const PACE_MS = 250;
/** Within the function's own limit, which would leave no time for saying what failed. */
const FLUSH_WITHIN_MS = 20_000;
const LONGEST_RETRY_SECONDS = 60;

/**
 * @returns what came out of the queue and has to come again.
 * @throws when the queue took not every wish: Lambda then gives the stream's batch again.
 */
export function createRevocationHandler(dependencies: RevocationDependencies): RevocationHandler {
  return async ({ Records }) => {
    const received = Records.filter(isReceived);
    if (received.length > 0) return takeWishes(received, dependencies);
    await noteChanges(Records.filter(isChange), dependencies);
    return { batchItemFailures: [] };
  };
}

const isReceived = (record: DynamoDBRecord | SQSRecord): record is SQSRecord => 'receiptHandle' in record;
const isChange = (record: DynamoDBRecord | SQSRecord): record is DynamoDBRecord => !isReceived(record);

/** The images come before the moment, so that the moment is not before the changes. */
async function noteChanges(
  records: readonly DynamoDBRecord[],
  { stages, queue, flushAgainSeconds, write, now }: RevocationDependencies,
): Promise<void> {
  const taking = records.filter(({ dynamodb }) =>
    takesRightAway({ before: dynamodb?.OldImage, after: dynamodb?.NewImage }),
  );
  if (taking.length === 0) return;
  const nowMs = now();
  const wishes = wishesAfterChange(stages, { nowMs, flushAgainSeconds });
  await queue.send(wishes.map((wish) => messageOf(wish, nowMs)));
  logChanges(write, { changes: records.length, taking: taking.length });
}

async function takeWishes(
  received: readonly SQSRecord[],
  { stages, queue, flush, write, now, sleep, functionName }: RevocationDependencies,
): Promise<SQSBatchResponse> {
  const outcomes: FlushOutcome[] = [];
  const signal = AbortSignal.timeout(FLUSH_WITHIN_MS);
  const failed = await flushWishes(received, {
    stages,
    now,
    flush: (stage) => flush(stage, signal),
    send: queue.send,
    // With no time left the others are only told of.
    pace: () => (signal.aborted ? Promise.resolve() : sleep(PACE_MS)),
    report: (outcome) => outcomes.push(outcome),
  });
  for (const outcome of outcomes) if (outcome.error !== undefined) logFailedFlush(write, outcome);
  writeMetrics(write, outcomes, { functionName, nowMs: now() });
  const again = received.filter(({ messageId }) => failed.includes(messageId));
  // If this fails they come again all the same, only later.
  await queue.returnIn(again.map(retryOf)).catch(() => undefined);
  return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** 2 s after the first failure, then twice as long each time, up to a minute. */
function retryOf({ receiptHandle, attributes }: SQSRecord): { receiptHandle: string; seconds: number } {
  const receipts = Number(attributes.ApproximateReceiveCount) || 1;
  return { receiptHandle, seconds: Math.min(2 ** receipts, LONGEST_RETRY_SECONDS) };
}
