/**
 * A model of what the function talks to, over HTTP on the loopback: API Gateway's flush call (REST, as the SDK sends
 * it), and a queue (SQS's JSON protocol) that holds messages back, gives them again when they are not deleted, and
 * puts them aside after so many times. Its clock is the test's.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SQSRecord } from 'aws-lambda';
import { listen } from '../../bin/local/listen.ts';

/** What the control plane does with a flush: an HTTP status, or no answer at all. */
export type Behaviour = 202 | 403 | 404 | 429 | 500 | 'hangs';

interface Stored {
  readonly id: string;
  readonly body: string;
  visibleAtMs: number;
  receipts: number;
}

export interface ControlPlane {
  readonly url: string;
  /** Every call that came, `METHOD path status`. */
  readonly calls: string[];
  /** The stages that were flushed, in their order, with the moment. */
  readonly flushed: { readonly stage: string; readonly atMs: number }[];
  /** What happens next to a stage's flushes; the last goes on for ever. @default 202 */
  behave(stage: string, ...next: readonly Behaviour[]): void;
  /** Whether the queue takes anything. */
  queueIsUp: boolean;
  /** Of the messages sent next, so many are refused. */
  refuse: number;
  /** Messages that are due, as Lambda hands them over. */
  receive(): SQSRecord[];
  /** Deletes what was received but those that failed. */
  settle(received: readonly SQSRecord[], failed: readonly string[]): void;
  /** When the next message can be received; undefined: there is none. */
  nextAtMs(): number | undefined;
  readonly deadLetters: string[];
  close(): Promise<void>;
}

const VISIBILITY_MS = 182_000;

export async function startControlPlane(
  clock: { nowMs: number },
  { maxReceiveCount = 17 } = {},
): Promise<ControlPlane> {
  const behaviours = new Map<string, Behaviour[]>();
  const messages = new Map<string, Stored>();
  let count = 0;
  const hanging = new Set<IncomingMessage>();

  const flushStage = (path: string): Behaviour => {
    const [, restApiId, stageName] =
      /^\/restapis\/([^/]+)\/stages\/([^/]+)\/cache\/authorizers$/.exec(path) ?? [];
    if (restApiId === undefined) return 404;
    const stage = `${restApiId}/${stageName}`;
    const next = behaviours.get(stage) ?? [202];
    const behaviour = (next.length > 1 ? next.shift() : next[0]) ?? 202;
    if (behaviour === 202) plane.flushed.push({ stage, atMs: clock.nowMs });
    return behaviour;
  };

  const queue = (target: string, entries: readonly Record<string, unknown>[]): object => {
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of entries) {
      const { Id } = entry;
      if (target === 'SendMessageBatch') {
        if (plane.refuse > 0) {
          plane.refuse -= 1;
          Failed.push({ Id, Code: 'InternalError', SenderFault: false });
          continue;
        }
        const delay = Number(entry['DelaySeconds']);
        if (!(delay >= 0 && delay <= 900)) throw new Error(`no delay of a message: ${delay}`);
        count += 1;
        const id = `message-${count}`;
        const body = String(entry['MessageBody']);
        messages.set(id, {
          id,
          body,
          visibleAtMs: clock.nowMs + delay * 1000,
          receipts: 0,
        });
        Successful.push({ Id, MessageId: id, MD5OfMessageBody: md5(body) });
      } else {
        const message = messages.get(String(entry['ReceiptHandle']));
        if (message !== undefined)
          message.visibleAtMs = clock.nowMs + Number(entry['VisibilityTimeout']) * 1000;
        Successful.push({ Id });
      }
    }
    return { Successful, Failed };
  };

  const server = createServer(async (request, response) => {
    const body = await text(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    const path = request.url ?? '';
    if (target.startsWith('AmazonSQS.')) {
      plane.calls.push(target);
      response.statusCode = plane.queueIsUp ? 200 : 503;
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      if (!plane.queueIsUp) return void response.end('{"__type":"ServiceUnavailable"}');
      const { Entries } = JSON.parse(body) as { Entries: Record<string, unknown>[] };
      return void response.end(JSON.stringify(queue(target.slice('AmazonSQS.'.length), Entries)));
    }
    const behaviour = request.method === 'DELETE' ? flushStage(path) : 404;
    plane.calls.push(`${request.method} ${path} ${behaviour}`);
    if (behaviour === 'hangs') return void hanging.add(request);
    response.statusCode = behaviour;
    response.setHeader('content-type', 'application/json');
    if (behaviour !== 202) response.setHeader('x-amzn-errortype', ERRORS[behaviour]);
    response.end(behaviour === 202 ? '' : '{"message":"no"}');
  });
  const { url, close } = await listen(server, '127.0.0.1', 0);

  const plane: ControlPlane = {
    url,
    calls: [],
    flushed: [],
    deadLetters: [],
    queueIsUp: true,
    refuse: 0,
    behave: (stage, ...next) => void behaviours.set(stage, [...next]),
    receive() {
      const due = [...messages.values()].filter(({ visibleAtMs }) => visibleAtMs <= clock.nowMs);
      return due.flatMap((message) => {
        if (message.receipts >= maxReceiveCount) {
          messages.delete(message.id);
          plane.deadLetters.push(message.body);
          return [];
        }
        message.receipts += 1;
        message.visibleAtMs = clock.nowMs + VISIBILITY_MS;
        return [recordOf(message)];
      });
    },
    settle(received, failed) {
      for (const { messageId } of received) if (!failed.includes(messageId)) messages.delete(messageId);
    },
    nextAtMs: () =>
      messages.size === 0
        ? undefined
        : Math.min(...[...messages.values()].map(({ visibleAtMs }) => visibleAtMs)),
    close: async () => {
      for (const request of hanging) request.socket.destroy();
      await close();
    },
  };
  return plane;
}

const ERRORS = {
  403: 'AccessDeniedException',
  404: 'NotFoundException',
  429: 'TooManyRequestsException',
  500: 'InternalFailure',
};

function recordOf({ id, body, receipts }: Stored): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: `${receipts}`,
      SentTimestamp: '0',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:flushes',
    awsRegion: 'us-east-1',
  };
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
