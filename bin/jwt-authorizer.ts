#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { startCommand } from './commands/start.ts';
import { authorizerBundle, packageFile } from './package-files.ts';

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
const FAILED = 1;
const WRONG_USAGE = 2;

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
const print = (line: string) => process.stdout.write(`${line}\n`);

const program = new Command('jwt-authorizer')
  .description('The JWT authorizer for Amazon API Gateway REST APIs.')
  .version(version)
  .showHelpAfterError('(see jwt-authorizer --help)')
  .addCommand(startCommand(authorizerBundle(), print));
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has said it already; what a command reports itself has the code `commander.error`.
    if (error.exitCode === 0) return 0;
    return error.code === 'commander.error' ? FAILED : WRONG_USAGE;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : 'unknown failure';
  process.stderr.write(`${text}\n`);
  return FAILED;
}
