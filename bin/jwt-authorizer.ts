#!/usr/bin/env node
import { fstatSync, readFileSync } from 'node:fs';
import { runProgram } from './commands/program.ts';
import { wantsColours } from './commands/style.ts';
import { isDebugging, unexpectedText } from './commands/unexpected.ts';
import { authorizerBundle, packageFile } from './package-files.ts';

const { version, bugs } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  version: string;
  bugs?: { url?: string };
};
const args = process.argv.slice(2);

// What nobody waits for, such as an answer in the middle of a server: as what a command throws.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `error: ${unexpectedText(error, { isDebug: isDebugging(args), issues: bugs?.url })}\n`,
  );
  process.exit(1);
});

process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // `… | head`: who reads has seen enough.
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`error: stdout cannot be written (${code}); what was to be done may be done\n`);
  process.exit(1);
});
// Nobody reads the messages, or nobody can.
process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.exit(1);
});

/** npm passes a Ctrl-C on that the process has got already: for so long it is the same one. */
const SAME_CTRL_C_MS = 300;

process.exitCode = await runProgram(
  {
    version,
    issues: bugs?.url,
    bundle: authorizerBundle(),
    terminal: {
      stdin: process.stdin,
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      isWatched: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
      isOutWatched: process.stdout.isTTY === true,
      hasColours: wantsColours(process.stdout.isTTY === true, process.env),
      hasErrColours: wantsColours(process.stderr.isTTY === true, process.env),
      isAsked: process.stdin.isTTY === true && process.stderr.isTTY === true,
      locale: process.env['LC_ALL'] || process.env['LC_CTYPE'] || process.env['LANG'] || '',
      stdinBytes: stdinBytes(),
      interruption,
    },
  },
  args,
);

function interruption(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  process.on('SIGINT', () => {
    if (!controller.signal.aborted) firstAtMs = Date.now();
    else if (Date.now() - firstAtMs > SAME_CTRL_C_MS) process.exit(130);
    controller.abort();
  });
  return controller.signal;
}

/** 0 where it is not known: a pipe, a terminal, nothing. */
function stdinBytes(): number {
  try {
    const stat = fstatSync(0);
    return stat.isFile() ? stat.size : 0;
  } catch {
    return 0;
  }
}
