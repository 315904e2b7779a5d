import { barOf, createStatusLine, type StatusLine } from './status-line.ts';
import type { Terminal } from './terminal.ts';

/** How far it is, for who watches; nothing where nobody does. */
export interface Progress extends Omit<StatusLine, 'show'> {
  /** @param bytes of input that were taken since the last call. */
  show(counts: Counts, bytes: number): void;
}

interface Counts {
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
}

export function createProgress(terminal: Terminal, now = Date.now): Progress {
  const { show, ...line } = createStatusLine(terminal, now);
  const { stdinBytes = 0 } = terminal;
  let taken = 0;
  return {
    ...line,
    show({ created, skipped, failed }, bytes) {
      taken += bytes;
      const bar = stdinBytes > 0 ? barOf(taken / stdinBytes) : '';
      show(`${bar}${created} created, ${skipped} skipped, ${failed} failed`);
    },
  };
}
