import { CommandFailure } from '../consumers/failure.ts';
import type { Terminal } from './terminal.ts';

const MAX_BYTES = 1_048_576;

/**
 * A token as a person gives it, with or without `Bearer`.
 * @param given `-`: it is read from standard input, where no list of processes shows it.
 * @throws CommandFailure for more than 1 MB.
 */
export async function readToken(terminal: Terminal, given: string): Promise<string> {
  return (given === '-' ? await readAll(terminal) : given).trim().replace(/^bearer\s+/i, '');
}

/** @throws CommandFailure for more than 1 MB. */
export async function readAll({ stdin }: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > MAX_BYTES) throw new CommandFailure('that is over 1 MB, and no token');
  }
  return text;
}
