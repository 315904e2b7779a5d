import { Command } from 'commander';
import { type Deployment, readDeployment } from '../attachment/deployment.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { DEFAULT_CONFIG } from '../consumers/open.ts';
import { examples } from './place-options.ts';
import { useRegion } from './region.ts';
import { parsePort, stopOnSignals } from './start.ts';

interface Options {
  readonly config: string;
  readonly stack?: string;
  readonly table?: string;
  readonly region?: string;
  readonly port: number;
}

const ABOUT = `
It listens on this machine alone, and asks for the key in the address that it prints: whoever has that address manages the
consumers of the table with your AWS credentials, so give it to nobody. The key is another one with each start.
The local gateway serves a console of its own: jwt-authorizer start. See docs/console.md.`;

/** `jwt-authorizer console`: the console of a deployed table. @param bundle URL of the built function. */
export function consoleCommand(bundle: URL, print: (line: string) => void): Command {
  return new Command('console')
    .description('Serve the console of a deployed table: its consumers, and why a token is let in or not')
    .option('--stack <name>', 'a deployed stack, whose outputs name its table and secrets')
    .option('--table <name>', "a deployed table, with the AWS SDK's own credentials and region")
    .option('--region <region>', "the AWS region (default: the SDK's own)")
    .option('--config <file>', 'the configuration that is deployed', DEFAULT_CONFIG)
    .option('--port <port>', 'its port, 0 for any', parsePort, 9876)
    .addHelpText(
      'after',
      `${examples('console --stack JwtAuthorizer', 'console --table credentials --region eu-west-1')}\n${ABOUT}`,
    )
    .action(async ({ stack, table, ...options }: Options) => {
      const of = await placeOf(stack, table, options.region);
      const [{ startDeployedConsole }, { PortInUseError }] = await Promise.all([
        import('../console/deployed.ts'),
        import('../local/listen.ts'),
      ]);
      const page = new URL('../../console/', bundle);
      try {
        const running = await startDeployedConsole({ ...options, of, page, print });
        stopOnSignals(running, print);
        print(`Console: ${running.url}`);
      } catch (error) {
        throw error instanceof PortInUseError ? new CommandFailure(error.message) : error;
      }
    });
}

/** @throws WrongUsage, CommandFailure */
async function placeOf(
  stack: string | undefined,
  table: string | undefined,
  region: string | undefined,
): Promise<string | Deployment> {
  useRegion(region);
  if (stack !== undefined && table === undefined) return readDeployment(stack, region);
  if (table !== undefined && stack === undefined) return table;
  throw new WrongUsage('whose console? give --stack NAME or --table NAME, one of them');
}
