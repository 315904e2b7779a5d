#!/usr/bin/env node
import { readFileSync } from 'node:fs';
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
    },
  },
  process.argv.slice(2),
);
