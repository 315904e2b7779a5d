import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfigText } from '../../lambda/config/load.ts';
import { formatProblems, type Problem } from '../../lambda/config/problem.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { DEFAULT_CONFIG } from '../consumers/open.ts';
import { lineAgain } from '../init/again.ts';
import { publishedAlgorithms, usualAlgorithms } from '../init/algorithms.ts';
import type { Answers, TokenAnswer } from '../init/answers.ts';
import { createAsker } from '../init/asker.ts';
import { problemsWithGiven } from '../init/check-given.ts';
import { BEARER, type Complete, completed, type Given, givenBy, type InitOptions } from '../init/given.ts';
import { interview, tokenAt } from '../init/interview.ts';
import { type Look, type LookAt, lookAtIssuer } from '../init/look-at-issuer.ts';
import { nextSteps } from '../init/next-steps.ts';
import { renderConfig } from '../init/render.ts';
import { alreadyThere, writeNewFile } from '../init/write.ts';
import { packageFile } from '../package-files.ts';
import { several } from './arguments.ts';
import { examples } from './place-options.ts';
import { safeText, type Terminal } from './terminal.ts';

interface Options extends InitOptions {
  readonly config: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly offline?: boolean;
}

const ABOUT = `
On a terminal it asks for what no option says. Elsewhere, and with --yes, options and defaults are all there is.
What it writes was checked as every other command checks it. A file that is there stays, unless --force is given.

Exit code: 0 written; 1 not; 2 wrong usage, or an option is missing; 130 stopped.`;

/** `jwt-authorizer init`: the first `authorizer.config.yml`. @param args of the whole command line, to say it again. */
export function initCommand(terminal: Terminal, args: readonly string[]): Command {
  return new Command('init')
    .description('Write authorizer.config.yml from a few answers')
    .option('--issuer <url>', 'what iss must be; alone, its keys are found by OpenID Connect Discovery')
    .option('--jwks-uri <url>', "the issuer's key set, where it has no discovery")
    .option('--key-file <file>', 'a PEM public key or certificate, or a secret')
    .option('--generate-secret', 'a secret that is made: by the stack, and one of its own for local runs')
    .option(
      '--algorithm <name>',
      "what tokens may be signed with; repeatable (default: the key's usual one)",
      several,
    )
    .option('--audience <name>', 'whom tokens must be for (aud); repeatable', several)
    .option('--any-audience', "accept tokens that were made for the issuer's other applications")
    .option(
      '--token <place>',
      'where the token is: bearer, scheme:NAME, header:NAME, cookie:NAME or query:NAME (default: bearer)',
      parseTokenPlace,
    )
    .option('--managed', 'callers need a credential in the table (the default, but for issuers)')
    .option('--no-managed', 'whoever has a valid token comes in (the default for issuers)')
    .option('--new-api', 'an API that is made for it (the default)')
    .option('--upstream <url>', 'what that stands in front of (default: an echo)')
    .option('--rest-api-id <id>', 'a REST API that exists already, instead')
    .option('--stage <name>', 'its stages that are protected; repeatable', several)
    .option('--config <file>', 'the file to write', DEFAULT_CONFIG)
    .option('--force', 'replace the file if it is there')
    .option('--dry-run', 'print the file on stdout, and write nothing')
    .option('--offline', 'do not ask the issuer whether it is there')
    .option('-y, --yes', 'ask nothing')
    .addHelpText(
      'after',
      `${examples(
        'init',
        'init --issuer https://id.example.com/ --audience orders-api',
        'init --generate-secret --issuer https://id.example.com/ --audience orders-api --yes',
        'init --key-file ./public.pem --no-managed --token cookie:session --dry-run --yes',
        'init --issuer https://id.example.com/ --audience orders-api --rest-api-id a1b2c3d4e5 --stage prod',
      )}\n${ABOUT}`,
    )
    .action((options: Options) => init(terminal, options, args));
}

/** @throws CommandFailure, WrongUsage, Interrupted; then nothing was written. */
async function init(terminal: Terminal, options: Options, args: readonly string[]): Promise<void> {
  const { config, force = false, dryRun = false } = options;
  const given = givenBy(options);
  // Before all the questions are answered in vain.
  if (!dryRun && !force && existsSync(config)) throw alreadyThere(config);
  const wrong = problemsWithGiven(given, config);
  if (wrong.length > 0) throw refused(config, wrong);
  const look = options.offline ? undefined : telling(terminal, args);
  const complete = await answered(terminal, options, given, look);
  const checked = (answers: Answers) => checkedText(answers, config);
  const usual = { ...complete, algorithms: given.algorithms ?? usualAlgorithms(complete, config) };
  // Before anybody is asked over the network.
  checked(usual);
  const asked = given.algorithms === undefined ? await publishedAlgorithms(complete, look) : undefined;
  const answers = { ...usual, ...(asked !== undefined && { algorithms: asked }) };
  const text = checked(answers);
  if (dryRun) {
    terminal.out(text);
    return;
  }
  writeNewFile(config, text, force);
  terminal.err(`\nwritten: ${config}\n\n${nextSteps(answers, config).join('\n')}\n`);
}

/** The file, which was put to the check that every command puts it to. @throws CommandFailure */
function checkedText(answers: Answers, config: string): string {
  const text = renderConfig(answers, config, schemaFrom(config));
  const loaded = loadConfigText(text, config);
  if (loaded.ok) return text;
  throw refused(config, loaded.problems);
}

const refused = (config: string, problems: readonly Problem[]): CommandFailure =>
  new CommandFailure(`nothing was written; ${formatProblems(config, problems)}`);

async function answered(
  terminal: Terminal,
  { yes, config }: Options,
  given: Given,
  look: LookAt | undefined,
): Promise<Complete> {
  if (yes || !terminal.isAsked) return completed(given);
  const asker = createAsker(terminal, terminal.interruption?.());
  try {
    return await interview(asker, given, { config, look });
  } finally {
    asker.close();
  }
}

/** Asks each issuer once, and says how it went. */
function telling({ err }: Terminal, args: readonly string[]): LookAt {
  const looks = new Map<string, Promise<Look>>();
  return async (source) => {
    const name = 'uri' in source ? source.uri : source.issuer;
    const known = looks.get(name);
    if (known !== undefined) return known;
    const looking = lookAtIssuer(source);
    looks.set(name, looking);
    const look = await looking;
    if (look.kind === 'reached')
      err(
        `${name} was reached: ${look.keyCount} keys, for ${look.algorithms.join(', ') || 'nothing that is known here'}\n`,
      );
    if (look.kind === 'unreached') err(`note: ${safeText(look.why)}; going on without\n`);
    if (look.kind === 'other_name') {
      const line = lineAgain(args, name, look.issuer);
      const remedy = line === undefined ? '' : `; write it so: ${line}`;
      err(
        `warning: ${name} calls itself ${look.issuer}; tokens name it so in iss, character for character${remedy}\n`,
      );
    }
    return look;
  };
}

function parseTokenPlace(text: string): TokenAnswer {
  if (text === 'bearer') return BEARER;
  const [, place = '', name = ''] = /^(scheme|header|cookie|query):(.+)$/.exec(text) ?? [];
  if (name === '')
    throw new InvalidArgumentError('give bearer, scheme:NAME, header:NAME, cookie:NAME or query:NAME');
  const token = tokenAt(EXTRACTORS[place] ?? 'header', name, DEFAULT_CONFIG);
  if ('objection' in token) throw new InvalidArgumentError(token.objection);
  return token.value;
}

const EXTRACTORS: Readonly<Record<string, TokenAnswer['jwtExtractor']>> = {
  scheme: 'authScheme',
  header: 'header',
  cookie: 'cookie',
  query: 'query',
};

/** The schema for editors, where it lies beside the file or in a package below it. */
function schemaFrom(config: string): string | undefined {
  const path = fileURLToPath(packageFile(join('schema', 'authorizer.config.schema.json')));
  const found = relative(resolve(dirname(config)), path)
    .split(sep)
    .join('/');
  return found.startsWith('..') || !existsSync(path) ? undefined : `./${found}`;
}
