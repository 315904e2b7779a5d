import { expect, it } from 'vitest';
import { createProgress } from '../../bin/commands/progress.ts';

/** What stands on the screen, line by line, after all that was written to it. */
function screen() {
  let [written, nowMs] = ['', 1_000];
  const progress = createProgress(
    {
      stdin: process.stdin,
      out: () => undefined,
      err: (text) => {
        written += text;
      },
      isWatched: true,
      stdinBytes: 100,
    },
    () => nowMs,
  );
  return {
    progress,
    write: (text: string) => {
      written += text;
    },
    tick: (ms: number) => {
      nowMs += ms;
    },
    lines: () => written.split('\n').map((line) => line.split('\r\u001b[K').at(-1)),
  };
}

const counts = { created: 1, skipped: 2, failed: 3 };
const half = '[###############---------------]  50% 1 created, 2 skipped, 3 failed';

it('stands below what is written meanwhile, and goes at the end', () => {
  const { progress, write, lines } = screen();
  progress.show(counts, 50);
  expect(lines()).toEqual([half]);
  progress.above(() => write('line 1: is no JSON\n'));
  expect(lines()).toEqual(['line 1: is no JSON', half]);
  progress.clear();
  write('done\n');
  expect(lines()).toEqual(['line 1: is no JSON', 'done', '']);
});

it('is drawn ten times a second at most', () => {
  const { progress, tick, lines } = screen();
  progress.show(counts, 10);
  tick(99);
  progress.show(counts, 40);
  expect(lines()).toEqual([expect.stringContaining(' 10% ')]);
  tick(1);
  progress.show(counts, 0);
  expect(lines()).toEqual([half]);
});
