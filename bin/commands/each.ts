import { Unreachable } from '../consumers/consumer-api.ts';
import { CommandFailure } from '../consumers/failure.ts';
import type { Terminal } from './terminal.ts';

/** Does the same to each of several names: one that fails does not keep the others from it. */
export async function each(
  terminal: Terminal,
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  let failed = 0;
  for (const name of names) {
    try {
      await work(name);
    } catch (error) {
      if (!(error instanceof CommandFailure) || error instanceof Unreachable || names.length === 1)
        throw error;
      failed += 1;
      terminal.err(`error: ${error.message}\n`);
    }
  }
  if (failed > 0) throw new CommandFailure(`${failed} of ${names.length} failed`);
}
