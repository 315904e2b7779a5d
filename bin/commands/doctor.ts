import { Command } from 'commander';
import { CommandFailure, Concluded, WrongUsage } from '../consumers/failure.ts';
import { DEFAULT_CONFIG } from '../consumers/open.ts';
import { parseAdminUrl } from '../consumers/remote-api.ts';
import type { Diagnosis } from '../doctor/finding.ts';
import { readFile } from './arguments.ts';
import { examples } from './place-options.ts';
import { useRegion } from './region.ts';
import { createStatusLine } from './status-line.ts';
import { styleOf } from './style.ts';
import { jsonText, type Terminal } from './terminal.ts';
import { readToken } from './token-argument.ts';

interface Options {
  readonly config: string;
  readonly data?: string;
  readonly table?: string;
  readonly stack?: string;
  readonly region?: string;
  readonly url?: URL;
  readonly method?: string;
  readonly path?: string;
  readonly keyId?: string;
  readonly tokenFile?: string;
  readonly expiredTokenFile?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What a script goes by. */
const EXIT_CODES: Readonly<Record<Diagnosis['outcome'], number>> = {
  ok: 0,
  warnings: 0,
  problems: 1,
  unknown: 3,
};

/** So that the token stands neither in the shell's history nor in a list of processes. */
const TOKEN_VARIABLE = 'JWT_AUTHORIZER_TOKEN';

const ABOUT = `
Nothing is changed, and no token, secret or key is shown. --url sends a missing, a malformed, a valid and an expired token, which
the API's log and metrics then have. Tokens are made where their key is here (a secret in the configuration; what local runs
made, for an API on this machine); else give them: ${TOKEN_VARIABLE} or --token-file, and --expired-token-file.
What was not checked is told as such, in one line; --verbose and --json have what each takes.

Exit code: 0 no problem; 1 a problem; 2 wrong usage; 3 no problem was found, and something cannot be told from here.

--json: {outcome, findings [{area, code, status, text, remedy}]}. Outcomes (ok, warnings, problems, unknown), areas, codes and
statuses (ok, warning, problem, unknown, not_checked) are stable. See docs/init-and-doctor.md.`;

/** `jwt-authorizer doctor`: whether all that the authorizer stands on is as it should be. */
export function doctorCommand(terminal: Terminal): Command {
  return new Command('doctor')
    .description('Check configuration, keys, table, AWS credentials and a deployed API')
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .option('--data <folder>', 'the local table and keys (default: .jwt-authorizer beside the configuration)')
    .option('--stack <name>', 'a deployed stack, whose outputs name its table and secrets')
    .option('--table <name>', "a deployed table, with the AWS SDK's own credentials and region")
    .option('--region <region>', "the AWS region (default: the SDK's own)")
    .option(
      '--url <url>',
      'an API to call: the URL above its paths; https, or http on this machine',
      parseUrl,
    )
    .option('--method <method>', 'of the requests (default: GET)')
    .option('--path <path>', 'of the requests (default: /)')
    .option('--key-id <id>', 'the credential that tokens are made for')
    .option(
      '--token-file <file>',
      `a valid token; - to read it (default: ${TOKEN_VARIABLE} of the environment)`,
    )
    .option('--expired-token-file <file>', 'one of the same issuer that is over')
    .option('--json', 'one JSON object on stdout')
    .option('--verbose', 'a line for each thing that was not checked too')
    .addHelpText(
      'after',
      `${examples(
        'doctor',
        'doctor --stack JwtAuthorizer --region eu-west-1',
        'doctor --url http://127.0.0.1:8080 --path /orders',
        'doctor --url https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod --token-file token.txt --json',
      )}\n${ABOUT}`,
    )
    .action(async (_, command: Command) => {
      // `--verbose` stands in the program's own options too, which take it.
      const options = command.optsWithGlobals<Options>();
      const diagnosis = await diagnosed(terminal, options);
      if (options.json) terminal.out(`${jsonText(diagnosis, 0)}\n`);
      else {
        const { diagnosisText } = await import('../doctor/text.ts');
        terminal.out(diagnosisText(diagnosis, styleOf(terminal), options.verbose ?? false));
      }
      const code = EXIT_CODES[diagnosis.outcome];
      if (code !== 0) throw new Concluded(code);
    });
}

async function diagnosed(terminal: Terminal, options: Options): Promise<Diagnosis> {
  const { table, data, stack, region, url, tokenFile, expiredTokenFile } = options;
  if (data !== undefined && (table !== undefined || stack !== undefined))
    throw new WrongUsage('--data is of local runs, --table and --stack of deployments; give one');
  const ofUrl = ['method', 'path', 'keyId', 'tokenFile', 'expiredTokenFile'] as const;
  if (url === undefined && ofUrl.some((name) => options[name] !== undefined))
    throw new WrongUsage(
      '--method, --path, --key-id and tokens are for an API that is called; give --url too',
    );
  useRegion(region);
  const valid = url === undefined ? undefined : await validToken(terminal, tokenFile);
  const expired = expiredTokenFile === undefined ? undefined : tokenIn(expiredTokenFile);
  const { examine } = await import('../doctor/doctor.ts');
  const { config, method = 'GET', path = '/', keyId } = options;
  const line = createStatusLine(terminal);
  try {
    return await examine(
      {
        ...{ config, stack, region, url, method, path, keyId, valid, expired },
        ...(data !== undefined && { data }),
        ...(table !== undefined && { table }),
      },
      (what) => line.show(`looking at ${what}`),
    );
  } finally {
    line.clear();
  }
}

async function validToken(terminal: Terminal, file: string | undefined): Promise<string | undefined> {
  if (file === '-') return readToken(terminal, '-');
  if (file !== undefined) return tokenIn(file);
  const given = process.env[TOKEN_VARIABLE]?.trim();
  return given === undefined || given === '' ? undefined : bare(given);
}

function tokenIn(file: string): string {
  const token = bare(readFile(file).toString('utf8').trim());
  if (token === '') throw new CommandFailure(`${file} is empty; it is to hold a token`);
  return token;
}

const bare = (token: string): string => token.replace(/^bearer\s+/i, '');

const parseUrl = (text: string): URL => parseAdminUrl(text, '--url');
