/** Before a command changes something, a person says so: by a word, or by `--yes`. */
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, test } from 'vitest';
import { assertCanAsk, confirm } from '../../bin/commands/confirm.ts';
import type { Terminal } from '../../bin/commands/terminal.ts';
import { Interrupted, WrongUsage } from '../../bin/consumers/failure.ts';

const terminal = (stdin: Readable): Terminal & { readonly asked: string[] } => {
  const asked: string[] = [];
  return { stdin, asked, out: () => undefined, err: (text) => asked.push(text), isWatched: true };
};

describe('confirm', () => {
  test.each(['y\n', 'Y\n', 'yes\n', ' yes \n', 'y'])('%j goes on', async (typed) => {
    const screen = terminal(Readable.from([typed]));
    await confirm(screen, 'Attach?', undefined);
    expect(screen.asked.join('')).toBe('Attach? [y/N] ');
  });

  test.each([['\n'], ['n\n'], ['no\n'], ['yesterday\n'], ['ye\n'], []])('%j does not', async (...typed) => {
    const asked = confirm(terminal(Readable.from(typed)), 'Attach?', undefined);
    await expect(asked).rejects.toBeInstanceOf(Interrupted);
  });

  test.each(['y\n', 'n\n'])('lets go of a terminal, which never ends, after %j', async (typed) => {
    const stdin = new PassThrough();
    stdin.write(typed);
    await confirm(terminal(stdin), 'Attach?', undefined).catch(() => undefined);
    expect(stdin.isPaused()).toBe(true);
  });

  it('takes Ctrl-C for a no', async () => {
    const controller = new AbortController();
    const asked = confirm(terminal(new PassThrough()), 'Attach?', controller.signal);
    controller.abort();
    await expect(asked).rejects.toBeInstanceOf(Interrupted);
  });
});

describe('assertCanAsk', () => {
  const watched = { ...terminal(Readable.from([])), isAsked: true };
  const unwatched = { ...watched, isAsked: false };
  test.each([
    ['a terminal', watched, {}],
    ['--yes', unwatched, { yes: true }],
    ['--dry-run', unwatched, { dryRun: true }],
    ['--json --yes', unwatched, { json: true, yes: true }],
    ['--json --dry-run', watched, { json: true, dryRun: true }],
  ])('%s will do', (_, where, options) => {
    expect(() => assertCanAsk(where, options)).not.toThrow();
  });

  test.each([
    ['no terminal', unwatched, {}],
    ['--json on a terminal', watched, { json: true }],
  ])('%s will not', (_, where, options) => {
    expect(() => assertCanAsk(where, options)).toThrow(WrongUsage);
  });
});
