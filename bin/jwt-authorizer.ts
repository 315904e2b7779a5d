#!/usr/bin/env node
import { fstatSync, readFileSync } from 'node:fs';
import { runProgram } from './commands/program.ts';
import { authorizerBundle, packageFile } from './package-files.ts';

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };

// `… | head`: who reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runProgram(
  {
    version,
    bundle: authorizerBundle(),
    terminal: {
      stdin: process.stdin,
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      isWatched: process.stderr.isTTY === true,
      isOutWatched: process.stdout.isTTY === true,
      stdinBytes: stdinBytes(),
    },
  },
  process.argv.slice(2),
);

/** 0 where it is not known: a pipe, a terminal, nothing. */
function stdinBytes(): number {
  try {
    const stat = fstatSync(0);
    return stat.isFile() ? stat.size : 0;
  } catch {
    return 0;
  }
}
