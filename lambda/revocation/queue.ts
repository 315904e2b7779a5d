import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';
import type { Message } from './message.ts';

/** What SQS takes in one request. */
const BATCH_SIZE = 10;

export interface Queue {
  /** @throws Error when a message was not taken; others may have been. */
  send(messages: readonly Message[]): Promise<void>;
  /** Makes messages come again so soon, instead of when their visibility timeout ends. */
  returnIn(messages: readonly { readonly receiptHandle: string; readonly seconds: number }[]): Promise<void>;
}

/** An SQS queue. Region, endpoint and credentials are the AWS SDK's own. */
export function openQueue(queueUrl: string): Queue {
  const client = withoutNodeVersionWarning(
    () =>
      new SQSClient({
        maxAttempts: 4,
        requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
      }),
  );
  return {
    async send(messages) {
      for (const batch of batchesOf(messages)) {
        const Entries = batch.map(({ body, delaySeconds }, index) => ({
          Id: `${index}`,
          MessageBody: body,
          DelaySeconds: delaySeconds,
        }));
        const { Failed = [] } = await client.send(
          new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
        );
        if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} messages`);
      }
    },
    async returnIn(messages) {
      for (const batch of batchesOf(messages)) {
        const Entries = batch.map(({ receiptHandle, seconds }, index) => ({
          Id: `${index}`,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    },
  };
}

function batchesOf<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / BATCH_SIZE);
  return Array.from({ length: count }, (_, index) => all.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE));
}
