import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { CommandFailure } from '../consumers/failure.ts';
import type { Run } from '../local/run.ts';
import { parseUpstream } from '../local/upstream-request.ts';

interface Options {
  readonly config: string;
  readonly port: number;
  readonly adminPort: number;
  readonly upstream?: string;
  readonly data?: string;
  readonly ephemeral: boolean;
}

/** `jwt-authorizer start`: the local gateway. @param bundle URL of the built function. */
export function startCommand(bundle: URL, print: (line: string) => void): Command {
  return new Command('start')
    .description(
      'Run the authorizer behind a local API gateway, with an embedded DynamoDB. No AWS account needed.',
    )
    .option('--config <file>', 'the configuration', 'authorizer.config.yml')
    .option('--port <port>', 'port of the gateway, 0 for any', parsePort, 8080)
    .option('--admin-port <port>', 'port of the Admin API, 0 for any', parsePort, 9876)
    .option(
      '--upstream <url>',
      "what the gateway stands in front of (default: the configuration's upstream, else an echo)",
      parseUpstreamOption,
    )
    .option(
      '--data <folder>',
      'where the table and the keys are kept (default: .jwt-authorizer beside the configuration)',
    )
    .option(
      '--ephemeral',
      'keep nothing after this run; other commands need --admin-url, or --data with the folder that it prints',
      false,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  jwt-authorizer start\n  jwt-authorizer start --config staging.yml --port 9000 --upstream http://127.0.0.1:3000',
    )
    .action(async (options: Options) => {
      const data = options.data ?? join(dirname(options.config), '.jwt-authorizer');
      // The embedded DynamoDB makes its files as the process says.
      process.umask(0o077);
      // Loaded here: it is much, and stands on optional dependencies that no other command needs.
      const { isExpected, run } = await import('../local/run.ts');
      try {
        const running = await run({ ...options, data, bundle, print });
        stopOnSignals(running, print);
      } catch (error) {
        if (!isExpected(error)) throw error;
        throw new CommandFailure(error.message);
      }
    });
}

/** Closes it on SIGINT and SIGTERM, and ends the process. */
export function stopOnSignals(running: Pick<Run, 'close'>, print: (line: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // `once`: a second signal ends the process at once.
    process.once(signal, () => {
      print('stopping');
      running.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function parseUpstreamOption(text: string): string {
  try {
    parseUpstream(text);
    return text;
  } catch {
    // The URL is not repeated: there may be a password in it.
    throw new InvalidArgumentError('give an http(s) URL without credentials, query and fragment');
  }
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('give a port from 0 to 65535');
  return port;
}
