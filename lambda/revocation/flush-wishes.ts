import { type FlushWish, type Message, messageOf, parseMessage } from './message.ts';
import { nameOfStage, type Stage } from './stage.ts';

/** A message as it came out of the queue. */
export interface Received {
  readonly messageId: string;
  readonly body: string;
}

export interface FlushDependencies {
  /** The stages that may be flushed. */
  readonly stages: readonly Stage[];
  /** Flushes one. @throws whatever keeps it from being flushed. */
  readonly flush: (stage: Stage) => Promise<void>;
  /** Puts messages into the queue. @throws when one was not taken. */
  readonly send: (messages: readonly Message[]) => Promise<void>;
  /** Waits between two flushes: API Gateway's control plane has few requests a second for a whole account. */
  readonly pace: () => Promise<void>;
  readonly report: (outcome: FlushOutcome) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What became of a stage. */
export interface FlushOutcome {
  readonly stage: string;
  /** Undefined: it was flushed. */
  readonly error?: unknown;
}

/**
 * Flushes each stage that is due once, however many messages ask for it: what is received now was asked for before.
 * Those that are not due go back into the queue. One stage's failure is none of the others'.
 * @returns the ids of the messages that have to come again.
 */
export async function flushWishes(
  received: readonly Received[],
  dependencies: FlushDependencies,
): Promise<readonly string[]> {
  const { stages, now } = dependencies;
  const later: { readonly messageId: string; readonly wish: FlushWish }[] = [];
  const due = new Map<string, { readonly stage: Stage; readonly messageIds: string[] }>();
  for (const { messageId, body } of received) {
    const wish = parseMessage(body);
    if (wish !== undefined && wish.dueMs > now()) {
      later.push({ messageId, wish });
      continue;
    }
    // Whatever it was meant to say, no cache outlives it. A stage that is none of ours any more is left alone.
    for (const stage of wish === undefined ? stages : stages.filter(isSame(wish.stage))) {
      const name = nameOfStage(stage);
      const entry = due.get(name) ?? { stage, messageIds: [] };
      entry.messageIds.push(messageId);
      due.set(name, entry);
    }
  }
  const failed = await sendBack(later, dependencies);
  return [...new Set([...failed, ...(await flushEach([...due.values()], dependencies))])];
}

const isSame = (stage: Stage) => (other: Stage) => nameOfStage(stage) === nameOfStage(other);

async function sendBack(
  later: readonly { readonly messageId: string; readonly wish: FlushWish }[],
  { send, now }: FlushDependencies,
): Promise<readonly string[]> {
  if (later.length === 0) return [];
  try {
    await send(later.map(({ wish }) => messageOf(wish, now())));
    return [];
  } catch {
    return later.map(({ messageId }) => messageId);
  }
}

async function flushEach(
  due: readonly { readonly stage: Stage; readonly messageIds: readonly string[] }[],
  { flush, pace, report }: FlushDependencies,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [index, { stage, messageIds }] of due.entries()) {
    if (index > 0) await pace();
    try {
      await flush(stage);
      report({ stage: nameOfStage(stage) });
    } catch (error) {
      failed.push(...messageIds);
      report({ stage: nameOfStage(stage), error });
    }
  }
  return failed;
}
