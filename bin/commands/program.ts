import { Command, CommanderError } from 'commander';
import { CommandFailure, Concluded, Interrupted, WrongUsage } from '../consumers/failure.ts';
import { appsCommand } from './apps.ts';
import { attachCommand } from './attach.ts';
import { completeCommand, completionCommand } from './completion.ts';
import { credentialScopesCommand } from './credential-scopes.ts';
import { credentialsCommand } from './credentials.ts';
import { detachCommand } from './detach.ts';
import { doctorCommand } from './doctor.ts';
import { driftCommand } from './drift.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { revokeCommand } from './revoke.ts';
import { scopesCommand } from './scopes.ts';
import { startCommand } from './start.ts';
import type { Terminal } from './terminal.ts';
import { tokenCommand } from './token.ts';
import { usersCommand } from './users.ts';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;

export interface ProgramOptions {
  readonly version: string;
  /** URL of the built function, for `start`. */
  readonly bundle: URL;
  readonly terminal: Terminal;
}

/** The whole command line. Nothing in it ends the process: {@link runProgram}. */
export function createProgram({ version, bundle, terminal }: ProgramOptions): Command {
  const program = new Command('jwt-authorizer')
    .description('The JWT authorizer for Amazon API Gateway REST APIs.')
    .version(version)
    .addCommand(initCommand(terminal))
    .addCommand(doctorCommand(terminal))
    .addCommand(startCommand(bundle, (line) => terminal.out(`${line}\n`)))
    .addCommand(usersCommand(terminal))
    .addCommand(appsCommand(terminal))
    .addCommand(credentialsCommand(terminal))
    .addCommand(credentialScopesCommand('credential:scopes', terminal), { hidden: true })
    .addCommand(scopesCommand(terminal))
    .addCommand(revokeCommand(terminal))
    .addCommand(tokenCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(importCommand(terminal))
    .addCommand(attachCommand(terminal))
    .addCommand(detachCommand(terminal))
    .addCommand(driftCommand(terminal))
    .addCommand(completionCommand(terminal));
  program.addCommand(completeCommand(program, terminal), { hidden: true });
  forEachCommand(program, (command, path) => {
    command
      .exitOverride()
      .showHelpAfterError(`(see ${path} --help)`)
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  });
  return program;
}

function forEachCommand(
  command: Command,
  visit: (command: Command, path: string) => void,
  path = command.name(),
) {
  visit(command, path);
  for (const inner of command.commands) forEachCommand(inner, visit, `${path} ${inner.name()}`);
}

/** @param args without the program's name. @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted; `explain` and `drift` have one more. */
export async function runProgram(options: ProgramOptions, args: readonly string[]): Promise<number> {
  const { terminal } = options;
  try {
    await createProgram(options).parseAsync(args, { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof Concluded) return error.exitCode;
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    if (error instanceof WrongUsage || error instanceof CommandFailure) {
      terminal.err(`error: ${error.message}\n`);
      if (error instanceof Interrupted) return INTERRUPTED;
      return error instanceof WrongUsage ? WRONG_USAGE : FAILED;
    }
    terminal.err(`error: ${unexpected(error)}\n`);
    return FAILED;
  }
}

/** A bug. Where it came from is for those who ask. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  if (process.env['JWT_AUTHORIZER_DEBUG']) return error.stack ?? error.message;
  return `${error.name}: ${error.message} (this is a bug; JWT_AUTHORIZER_DEBUG=1 shows where)`;
}
