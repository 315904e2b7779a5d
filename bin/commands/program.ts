import { Command, CommanderError } from 'commander';
import { CommandFailure, Concluded, Interrupted, WrongUsage } from '../consumers/failure.ts';
import { noEmbeddedTable } from '../local/no-embedded-table.ts';
import { appsCommand } from './apps.ts';
import { attachCommand } from './attach.ts';
import { completeCommand, completionCommand } from './completion.ts';
import { consoleCommand } from './console.ts';
import { credentialScopesCommand } from './credential-scopes.ts';
import { credentialsCommand } from './credentials.ts';
import { detachCommand } from './detach.ts';
import { doctorCommand } from './doctor.ts';
import { driftCommand } from './drift.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { examples } from './place-options.ts';
import { revokeCommand } from './revoke.ts';
import { scopesCommand } from './scopes.ts';
import { startCommand } from './start.ts';
import { paint } from './style.ts';
import type { Terminal } from './terminal.ts';
import { tokenCommand } from './token.ts';
import { isDebugging, unexpectedText } from './unexpected.ts';
import { usersCommand } from './users.ts';
import { verboseVersion } from './version.ts';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;

export interface ProgramOptions {
  readonly version: string;
  /** URL of the built function, for `start`. */
  readonly bundle: URL;
  readonly terminal: Terminal;
  /** URL of the package's issues. @default unknown */
  readonly issues?: string | undefined;
}

const ABOUT = `
Each command has examples in its own help. Colours and progress are for screens alone; NO_COLOR and FORCE_COLOR hold.`;

/** The whole command line. Nothing in it ends the process: {@link runProgram}. */
export function createProgram(
  { version, bundle, terminal }: ProgramOptions,
  args: readonly string[] = [],
): Command {
  const program = new Command('jwt-authorizer')
    .description('The JWT authorizer for Amazon API Gateway REST APIs.')
    .option('-V, --version', 'print the version; with --verbose also that of Node, and the paths in use')
    .option('--verbose', 'with --version, and with doctor')
    .option('--debug', 'show where an unexpected failure comes from')
    .on('option:version', () => {
      terminal.out(`${args.includes('--verbose') ? verboseVersion(version, args) : version}\n`);
      throw new CommanderError(DONE, 'commander.version', version);
    })
    .addHelpText(
      'after',
      `${examples('init', 'start', 'doctor', 'explain --token eyJhbGciOi… --path /orders', '--version --verbose')}\n${ABOUT}`,
    )
    .addCommand(initCommand(terminal, args))
    .addCommand(doctorCommand(terminal))
    .addCommand(startCommand(bundle, (line) => terminal.out(`${line}\n`)))
    .addCommand(consoleCommand(bundle, (line) => terminal.out(`${line}\n`)))
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
      .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint(title, 'bold', true) })
      .showHelpAfterError(`(see ${path} --help)`)
      .configureOutput({
        writeOut: (text) => terminal.out(text),
        writeErr: (text) => terminal.err(text),
        // What is painted is stripped again where there are none.
        getOutHasColors: () => terminal.hasColours ?? false,
        getErrHasColors: () => terminal.hasErrColours ?? false,
        outputError: (text, write) => write(text.replace(/^error:/, errorWord(terminal))),
      });
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

const errorWord = ({ hasErrColours = false }: Terminal): string => paint('error:', 'red', hasErrColours);

/** @param args without the program's name. @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted; `explain`, `drift` and `doctor` have one more. */
export async function runProgram(options: ProgramOptions, args: readonly string[]): Promise<number> {
  const { terminal, issues } = options;
  const fail = (text: string, code: number) => {
    terminal.err(`${errorWord(terminal)} ${text}\n`);
    return code;
  };
  try {
    await createProgram(options, args).parseAsync(args, { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof Concluded) return error.exitCode;
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    if (error instanceof Interrupted) return fail(error.message, INTERRUPTED);
    if (error instanceof WrongUsage) return fail(error.message, WRONG_USAGE);
    if (error instanceof CommandFailure) return fail(error.message, FAILED);
    const notInstalled = noEmbeddedTable(error);
    if (notInstalled !== undefined) return fail(notInstalled, FAILED);
    return fail(unexpectedText(error, { isDebug: isDebugging(args), issues }), FAILED);
  }
}
