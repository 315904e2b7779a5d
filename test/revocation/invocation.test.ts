/** The function against a model of API Gateway's control plane and of its queue, over HTTP, with an injected clock. */
import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRevocationHandler, type RevocationHandler } from '../../lambda/revocation/invocation.ts';
import { openQueue } from '../../lambda/revocation/queue.ts';
import { parseStage, type Stage } from '../../lambda/revocation/stage.ts';
import { openStageCaches } from '../../lambda/revocation/stage-caches.ts';
import { setVariables } from '../keys/aws.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const START_MS = Date.parse('2026-11-22T08:00:00.000Z');
const AGAIN_SECONDS = 71;
const clock = { nowMs: START_MS };
const stagesNamed = (...names: string[]) => names.map((name) => parseStage(name) as Stage);

let plane: ControlPlane;
let restore: () => void;
let lines: Record<string, unknown>[];
let paces: number[];

beforeEach(async () => {
  clock.nowMs = START_MS;
  plane = await startControlPlane(clock);
  restore = setVariables({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL_API_GATEWAY: plane.url,
    AWS_ENDPOINT_URL_SQS: plane.url,
  });
  lines = [];
  paces = [];
});
afterEach(async () => {
  restore();
  await plane.close();
});

function handlerOf(
  stages: readonly Stage[] = stagesNamed('api1/prod'),
  flushAgainSeconds = AGAIN_SECONDS,
): RevocationHandler {
  return createRevocationHandler({
    stages,
    flushAgainSeconds,
    queueUrl: `${plane.url}/111122223333/flushes`,
    queue: openQueue(`${plane.url}/111122223333/flushes`),
    flush: openStageCaches(),
    write: (line) => lines.push(JSON.parse(line)),
    now: () => clock.nowMs,
    sleep: async (ms) => void paces.push(ms),
    functionName: 'flusher',
  });
}

const imageOf = (isActive: boolean) => ({
  pk: { S: 'cred#key-1' },
  sk: { S: 'record' },
  isActive: { BOOL: isActive },
});
const changeOf = (before: boolean, after: boolean): DynamoDBRecord => ({
  eventName: 'MODIFY',
  eventSource: 'aws:dynamodb',
  dynamodb: { OldImage: imageOf(before), NewImage: imageOf(after) },
});
const DEACTIVATED = changeOf(true, false);

/** Hands over what is due, as Lambda does. */
async function poll(handler: RevocationHandler): Promise<void> {
  const received = plane.receive();
  if (received.length === 0) return;
  const { batchItemFailures } = await handler({ Records: received });
  plane.settle(
    received,
    batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  );
}

/** Turns the clock from message to message until the queue is empty or the time is over. */
async function pollUntil(handler: RevocationHandler, untilSeconds: number): Promise<void> {
  for (let atMs = plane.nextAtMs(); atMs !== undefined; atMs = plane.nextAtMs()) {
    if (atMs > START_MS + untilSeconds * 1000) return;
    clock.nowMs = Math.max(clock.nowMs, atMs);
    await poll(handler);
  }
}

const flushedAt = () => plane.flushed.map(({ stage, atMs }) => `${stage} ${(atMs - START_MS) / 1000}`);
const sumOf = (name: string) => lines.reduce((sum, line) => sum + Number(line[name] ?? 0), 0);

describe('a change that takes a right away', () => {
  it('flushes each stage at once, and again when no function remembers', async () => {
    const handler = handlerOf(stagesNamed('api1/prod', 'api2/live'));
    expect(await handler({ Records: [DEACTIVATED] })).toEqual({ batchItemFailures: [] });
    await pollUntil(handler, 3600);
    expect(flushedAt()).toEqual(['api1/prod 0', 'api2/live 0', 'api1/prod 71', 'api2/live 71']);
    expect([sumOf('Flushed'), sumOf('FlushFailed')]).toEqual([4, 0]);
    // Between two calls of an invocation, none before the first.
    expect(paces).toEqual([250, 250]);
  });

  it('flushes a stage once for any number of changes that are there together', async () => {
    const handler = handlerOf();
    for (let n = 0; n < 25; n += 1) await handler({ Records: [DEACTIVATED, DEACTIVATED] });
    await pollUntil(handler, 3600);
    expect(flushedAt()).toEqual(['api1/prod 0', 'api1/prod 71']);
  });

  it('is not lost when it comes while one is waited for: its own second flush comes after its own time', async () => {
    const handler = handlerOf();
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 60);
    clock.nowMs = START_MS + 70_000;
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 3600);
    expect(flushedAt()).toEqual(['api1/prod 0', 'api1/prod 70', 'api1/prod 71', 'api1/prod 141']);
  });

  it('waits longer than SQS holds a message back by sending it again', async () => {
    const handler = handlerOf(undefined, 3611);
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 10_000);
    expect(flushedAt()).toEqual(['api1/prod 0', 'api1/prod 3611']);
    expect(plane.calls.filter((call) => call === 'AmazonSQS.SendMessageBatch')).toHaveLength(5);
  });
});

it('a change that gives sends nothing', async () => {
  const handler = handlerOf();
  await handler({ Records: [changeOf(false, true)] });
  expect(plane.calls).toEqual([]);
  expect(lines).toEqual([]);
});

it('one that takes among many that give is found', async () => {
  const handler = handlerOf();
  await handler({ Records: [...Array(50).fill(changeOf(false, true)), DEACTIVATED] });
  expect(lines).toMatchObject([{ message: 'changed', changes: 51, taking: 1 }]);
});

describe('a flush that fails', () => {
  it.each([
    ['is throttled', [429, 202], 0],
    ['meets a fault', [500, 500, 202], 0],
  ] as const)('because it %s is tried again in the same invocation', async (_, behaviours, failures) => {
    plane.behave('api1/prod', ...behaviours);
    const handler = handlerOf();
    await handler({ Records: [DEACTIVATED] });
    await poll(handler);
    expect(flushedAt()).toEqual(['api1/prod 0']);
    expect(sumOf('FlushFailed')).toBe(failures);
  });

  it('comes again after 2, 4, 8, … s until it succeeds, and is counted each time', async () => {
    plane.behave('api1/prod', 403, 403, 403, 202);
    const handler = handlerOf();
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 60);
    expect(flushedAt()).toEqual(['api1/prod 14']);
    expect([sumOf('Flushed'), sumOf('FlushFailed')]).toEqual([1, 3]);
    expect(lines.filter(({ message }) => message === 'flush_failed')).toEqual(
      Array(3).fill({
        level: 'error',
        message: 'flush_failed',
        stage: 'api1/prod',
        reason: 'AccessDeniedException',
      }),
    );
  });

  it('keeps no other stage from being flushed, and is not repeated for those', async () => {
    plane.behave('api2/live', 403, 202);
    const handler = handlerOf(stagesNamed('api1/prod', 'api2/live', 'api3/v1'));
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 60);
    expect(flushedAt()).toEqual(['api1/prod 0', 'api3/v1 0', 'api2/live 2']);
  });

  it('is written as a metric that an alarm of this function alone is on', async () => {
    plane.behave('api1/prod', 403);
    const handler = handlerOf();
    await handler({ Records: [DEACTIVATED] });
    await poll(handler);
    expect(lines.at(-1)).toEqual({
      _aws: {
        Timestamp: START_MS,
        CloudWatchMetrics: [
          {
            Namespace: 'JwtAuthorizer',
            Dimensions: [['FunctionName']],
            Metrics: [
              { Name: 'Flushed', Unit: 'Count' },
              { Name: 'FlushFailed', Unit: 'Count' },
            ],
          },
        ],
      },
      FunctionName: 'flusher',
      Flushed: 0,
      FlushFailed: 1,
    });
  });

  it('for good becomes a dead letter, when no cache holds any more what it was for', async () => {
    plane.behave('api1/prod', 403);
    const handler = handlerOf();
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 86_400);
    expect(plane.deadLetters).toHaveLength(2);
    expect(plane.flushed).toEqual([]);
    // 17 receipts: 2 + 4 + 8 + 16 + 32 s and then minutes, beyond the 370 s after which nothing is kept.
    expect(clock.nowMs - START_MS).toBeGreaterThan(370_000);
  });

  it('because nobody answers is given up, and comes again', async () => {
    plane.behave('api1/prod', 'hangs', 'hangs', 'hangs', 'hangs', 202);
    const handler = handlerOf(stagesNamed('api1/prod', 'api2/live'));
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 60);
    expect(flushedAt()).toEqual(['api2/live 0', 'api1/prod 2']);
    expect(sumOf('FlushFailed')).toBe(1);
  }, 30_000);
});

describe('nothing is lost when the queue', () => {
  it('is down: the batch of the stream fails, and comes again', async () => {
    const handler = handlerOf();
    plane.queueIsUp = false;
    await expect(handler({ Records: [DEACTIVATED] })).rejects.toThrow();
    plane.queueIsUp = true;
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 3600);
    expect(flushedAt()).toEqual(['api1/prod 0', 'api1/prod 71']);
  });

  it('refuses one message of several', async () => {
    const handler = handlerOf();
    plane.refuse = 1;
    await expect(handler({ Records: [DEACTIVATED] })).rejects.toThrow('refused 1');
  });

  it('does not take back what is not due: it comes again', async () => {
    const handler = handlerOf(undefined, 3611);
    await handler({ Records: [DEACTIVATED] });
    await pollUntil(handler, 1);
    plane.refuse = 1;
    clock.nowMs = START_MS + 900_000;
    await poll(handler);
    await pollUntil(handler, 10_000);
    expect(flushedAt().at(-1)).toBe('api1/prod 3611');
  });

  it('hands over a message that it does not understand: every stage is flushed', async () => {
    const handler = handlerOf(stagesNamed('api1/prod', 'api2/live'));
    const [record] = await messageWith('{"stage":');
    expect(await handler({ Records: [record] })).toEqual({ batchItemFailures: [] });
    expect(flushedAt()).toEqual(['api1/prod 0', 'api2/live 0']);
  });

  it('names a stage that is none of ours any more: it is left alone', async () => {
    const handler = handlerOf();
    const [record] = await messageWith('{"stage":"other/prod","dueMs":0}');
    expect(await handler({ Records: [record] })).toEqual({ batchItemFailures: [] });
    expect(plane.flushed).toEqual([]);
  });
});

async function messageWith(body: string) {
  await openQueue(`${plane.url}/111122223333/flushes`).send([{ body, delaySeconds: 0 }]);
  const [record] = plane.receive();
  if (record === undefined) throw new Error('no message');
  return [record] as const;
}
