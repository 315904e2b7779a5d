/** The command line in this process: what it writes, and its exit code. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runProgram } from '../../bin/commands/program.ts';
import type { Terminal } from '../../bin/commands/terminal.ts';
import { commandIn, noteOutput } from '../leaks/watch/notes.mjs';
import { closeAtEnd } from '../support/gateway.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function cli(
  args: readonly string[],
  stdin = '',
  isWatched = false,
  more: Partial<Terminal> = {},
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await runProgram(
    {
      version: '0.0.0',
      bundle: new URL('file:///nowhere/index.mjs'),
      terminal: {
        stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
        out: (text) => {
          stdout += text;
        },
        err: (text) => {
          stderr += text;
        },
        isWatched,
        stdinBytes: Buffer.byteLength(stdin),
        ...more,
      },
    },
    args,
  );
  noteOutput('terminal', commandIn(args), stdout + stderr);
  return { code, stdout, stderr };
}

export interface Json {
  readonly [name: string]: unknown;
}

/** Commands on one place. */
export interface Bound {
  run(command: string, ...more: readonly string[]): Promise<Ran>;
  /** What a command that succeeds writes with --json. */
  json(command: string, ...more: readonly string[]): Promise<Json>;
  /** What a command that succeeds writes with -q, without the line's end. */
  quiet(command: string, ...more: readonly string[]): Promise<string>;
}

/** @param command words that are separated by spaces; `more` may hold spaces. */
export function boundTo(...place: readonly string[]): Bound {
  const run = (command: string, ...more: readonly string[]) =>
    cli([...command.split(' '), ...more, ...place]);
  const succeed = async (ran: Promise<Ran>) => {
    const { code, stdout, stderr } = await ran;
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return stdout;
  };
  return {
    run,
    json: async (command, ...more) => JSON.parse(await succeed(run(command, ...more, '--json'))) as Json,
    quiet: async (command, ...more) => (await succeed(run(command, ...more, '-q'))).trimEnd(),
  };
}

/** A data folder that goes when the file's tests are over. */
export async function dataFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cli-'));
  closeAtEnd({ close: () => rm(path, { recursive: true, force: true }) });
  return join(path, 'data');
}
