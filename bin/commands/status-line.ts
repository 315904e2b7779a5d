import type { Terminal } from './terminal.ts';

/** The last line of a screen that somebody watches; nothing where nobody does. */
export interface StatusLine {
  /** Drawn ten times a second at most: what comes sooner is left out. */
  show(text: string): void;
  /** Writes a line to the screen on which this is shown, above it. */
  above(write: () => void): void;
  clear(): void;
}

const EVERY_MS = 100;
const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[K';

export function createStatusLine({ isWatched, err }: Terminal, now = Date.now): StatusLine {
  if (!isWatched) return { show: () => undefined, above: (write) => write(), clear: () => undefined };
  let shownAtMs = 0;
  let shown = '';
  return {
    show(text) {
      if (now() - shownAtMs < EVERY_MS) return;
      shownAtMs = now();
      shown = text;
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

/** @param share from 0 to 1; more counts as 1. */
export function barOf(share: number): string {
  const known = Math.min(1, share);
  const filled = Math.round(known * WIDTH);
  const percent = String(Math.round(known * 100)).padStart(3);
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${percent}% `;
}
