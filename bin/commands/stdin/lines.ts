import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isRecord } from '../../../lambda/config/record.ts';
import type { Json } from '../../consumers/consumer-api.ts';
import { CommandFailure } from '../../consumers/failure.ts';

export interface Line {
  /** From 1, empty ones included. */
  readonly number: number;
  readonly text: string;
}

/**
 * @param onRead gets the bytes of each line, empty ones included.
 * @param signal ends them, also while the input says nothing.
 * @returns the lines that hold something.
 */
export async function* linesOf(
  input: Readable,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  let number = 0;
  for await (const text of createInterface({ input, signal, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (signal.aborted) return;
    number += 1;
    onRead(Buffer.byteLength(text) + 1);
    if (text.trim() !== '') yield { number, text };
  }
}

/**
 * @returns the object; a text is taken as `{scope}`.
 * @throws CommandFailure for anything else; the line is not repeated, for there may be a secret in it.
 */
export function parseLine(text: string): Json {
  let value: unknown;
  try {
    // A byte order mark may stand before the first.
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new CommandFailure('is no valid JSON; give one JSON object a line');
  }
  if (typeof value === 'string') return { scope: value };
  if (isRecord(value)) return value;
  throw new CommandFailure('is no JSON object; give one a line');
}
