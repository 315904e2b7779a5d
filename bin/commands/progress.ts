import type { Terminal } from './terminal.ts';

/** How far it is, for who watches; nothing where nobody does. */
export interface Progress {
  /** @param bytes of input that were taken since the last call. */
  show(counts: Counts, bytes: number): void;
  /** Makes room for another line. */
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
  if (!isWatched) return { show: () => undefined, clear: () => undefined };
  let taken = 0;
  let shownAtMs = 0;
  let isShown = false;
  return {
    show({ created, skipped, failed }, bytes) {
      taken += bytes;
      if (now() - shownAtMs < EVERY_MS) return;
      shownAtMs = now();
      isShown = true;
      const bar = stdinBytes > 0 ? barOf(Math.min(1, taken / stdinBytes)) : '';
      err(`${CLEAR_LINE}${bar}${created} created, ${skipped} skipped, ${failed} failed`);
    },
    clear() {
      if (isShown) err(CLEAR_LINE);
      isShown = false;
    },
  };
}

function barOf(share: number): string {
  const filled = Math.round(share * WIDTH);
  const percent = String(Math.round(share * 100)).padStart(3);
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${percent}% `;
}
