import { createInterface } from 'node:readline';
import { Interrupted, WrongUsage } from '../consumers/failure.ts';
import type { Terminal } from './terminal.ts';

/** How a command that changes something is told that it may. */
export interface ConfirmOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * To be called before anything else is done.
 * @throws WrongUsage where a person would have to be asked, and cannot be: nobody types, or nobody sees the plan.
 */
export function assertCanAsk({ isAsked = false }: Terminal, { yes, dryRun, json }: ConfirmOptions): void {
  if (yes === true || dryRun === true) return;
  if (json === true)
    throw new WrongUsage('with --json nobody sees the plan; give --yes, or --dry-run to see it');
  if (!isAsked) throw new WrongUsage('there is nobody to ask; give --yes, or --dry-run to see the plan');
}

/**
 * Asks who sits at the terminal; no answer is a no.
 * @throws Interrupted when it is not wanted, by word or by Ctrl-C.
 */
export async function confirm(
  { stdin, err }: Terminal,
  question: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  err(`${question} [y/N] `);
  const answer = await firstLine(stdin, signal);
  if (signal?.aborted || answer === undefined) err('\n');
  if (signal?.aborted || !/^\s*y(?:es)?\s*$/i.test(answer ?? ''))
    throw new Interrupted('nothing was changed');
}

/** Lets go of the input afterwards: a terminal that is still read would keep the process from its end. */
async function firstLine(
  input: Terminal['stdin'],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const lines = createInterface({ input, ...(signal && { signal }) });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
  }
}
