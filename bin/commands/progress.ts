import type { Terminal } from './terminal.ts';

/** How far it is, for who watches; nothing where nobody does. */
export interface Progress {
  /** @param bytes of input that were taken since the last call. */
  show(counts: Counts, bytes: number): void;
  /** Writes a line to the screen on which this is shown, above it. */
  above(write: () => void): void;
  clear(): void;
}

interface Counts {
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
}

const EVERY_MS = 100;
const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[K';

export function createProgress({ isWatched, stdinBytes = 0, err }: Terminal, now = Date.now): Progress {
  if (!isWatched) return { show: () => undefined, above: (write) => write(), clear: () => undefined };
  let taken = 0;
  let shownAtMs = 0;
  let shown = '';
  return {
    show({ created, skipped, failed }, bytes) {
      taken += bytes;
      if (now() - shownAtMs < EVERY_MS) return;
      shownAtMs = now();
      const bar = stdinBytes > 0 ? barOf(Math.min(1, taken / stdinBytes)) : '';
      shown = `${bar}${created} created, ${skipped} skipped, ${failed} failed`;
      err(`${CLEAR_LINE}${shown}`);
    },
    above(write) {
      if (shown !== '') err(CLEAR_LINE);
      write();
      err(shown);
    },
    clear() {
      if (shown !== '') err(CLEAR_LINE);
      shown = '';
    },
  };
}

function barOf(share: number): string {
  const filled = Math.round(share * WIDTH);
  const percent = String(Math.round(share * 100)).padStart(3);
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${percent}% `;
}
