import { nameOfStage, parseStage, type Stage } from './stage.ts';

/** What lies in the queue: flush this stage's cache, not before `dueMs` (milliseconds since 1970). */
export interface FlushWish {
  readonly stage: Stage;
  readonly dueMs: number;
}

/** The longest that SQS holds a message back. */
const LONGEST_DELAY_SECONDS = 900;

export interface Message {
  readonly body: string;
  readonly delaySeconds: number;
}

/** A wish that is due later than SQS can hold it back is sent again until it is due. */
export function messageOf({ stage, dueMs }: FlushWish, nowMs: number): Message {
  const delaySeconds = Math.min(Math.max(0, Math.ceil((dueMs - nowMs) / 1000)), LONGEST_DELAY_SECONDS);
  return { body: JSON.stringify({ stage: nameOfStage(stage), dueMs }), delaySeconds };
}

/** @returns undefined for what is not ours. */
export function parseMessage(body: string): FlushWish | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { stage: name, dueMs } = value as Readonly<Record<string, unknown>>;
  const stage = typeof name === 'string' ? parseStage(name) : undefined;
  return stage === undefined || typeof dueMs !== 'number' ? undefined : { stage, dueMs };
}

/**
 * What a change that takes a right away asks for: each stage's cache is flushed now, for the answers that are
 * in it; and once more when no warm function remembers what was before, for what such a one put in meanwhile.
 */
export function wishesAfterChange(
  stages: readonly Stage[],
  { nowMs, flushAgainSeconds }: { readonly nowMs: number; readonly flushAgainSeconds: number },
): readonly FlushWish[] {
  return [nowMs, nowMs + flushAgainSeconds * 1000].flatMap((dueMs) =>
    stages.map((stage) => ({ stage, dueMs })),
  );
}
