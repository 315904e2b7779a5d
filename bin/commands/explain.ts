import { Command } from 'commander';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { readDeployment, tableFor } from '../attachment/deployment.ts';
import { CommandFailure, Concluded, WrongUsage } from '../consumers/failure.ts';
import { DEFAULT_CONFIG, type Place } from '../consumers/open.ts';
import { explainAt } from '../explain/explain-at.ts';
import type { Explanation } from '../explain/explanation.ts';
import { parseHeader, type Question, requestOf } from '../explain/question.ts';
import { explanationText } from '../explain/text.ts';
import { momentMs, readFile, several } from './arguments.ts';
import { examples } from './place-options.ts';
import { useRegion } from './region.ts';
import { styleOf } from './style.ts';
import { jsonText, type Terminal } from './terminal.ts';
import { readAll, readToken } from './token-argument.ts';

interface Options extends Omit<Place, 'adminUrl'> {
  readonly stack?: string;
  readonly token?: string;
  readonly method?: string;
  readonly path?: string;
  readonly header?: readonly string[];
  readonly event?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly json?: boolean;
}

/** What a script goes by. */
const EXIT_CODES: Readonly<Record<Explanation['decision'], number>> = {
  allowed: 0,
  denied: 1,
  failed: 1,
  unknown: 3,
};

const ABOUT = `
What it asks is the authorizer itself: the same code, with the keys and the table that it has. Nothing is changed,
nothing is remembered, and no token, signature, secret or key is shown.

Exit code: 0 allowed; 1 not; 2 wrong usage; 3 unknown, since a key or the table cannot be reached from here.

--json: {decision, code, publicCode, at, request {method, path, resource}, steps [{step, name, policy, outcome, code,
wanted, got, verified, text, remedy}], response {status, body, principalId}, cache {seconds, identitySources, text}, revocation
{seconds, secondsWithoutFlushes, text}}.
Steps, outcomes and codes are stable; text and remedy are for people. See docs/explain.md.`;

/** `jwt-authorizer explain`: why a request is let in, or not. */
export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .description('Show step by step why a request is let in, or not')
    .option('--token <token>', 'the token, or - to read it; goes where the policy that is for it looks')
    .option('--method <method>', 'of the request (default: GET)')
    .option('--path <path>', 'of the request, with its query (default: /)')
    .option('--header <name:value>', 'a header of the request; repeatable', several)
    .option('--event <file>', 'a TOKEN or REQUEST event as API Gateway made it, instead; - to read it')
    .option('--at <time>', 'another moment than now: ISO 8601, or seconds since 1970', momentMs)
    .option('--json', 'compact JSON')
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .option('--data <folder>', 'the local table and keys (default: .jwt-authorizer beside the configuration)')
    .option('--stack <name>', 'a deployed stack, whose outputs name its table and secrets')
    .option('--table <name>', "a deployed table, with the AWS SDK's own credentials and region")
    .option('--region <region>', "the AWS region (default: the SDK's own)")
    .addHelpText(
      'after',
      `${examples(
        'explain --token eyJhbGciOi… --method POST --path /orders',
        'token create ann-1 | jwt-authorizer explain --token - --path /orders/7',
        'explain --token - --path /orders --stack JwtAuthorizer --region eu-west-1 < token.txt',
        'explain --event event.json --table credentials --json',
      )}\n${ABOUT}`,
    )
    .action(async (options: Options) => {
      const explanation = inOrder(await explained(options, terminal));
      const { json = false } = options;
      terminal.out(json ? `${jsonText(explanation, 0)}\n` : explanationText(explanation, styleOf(terminal)));
      const code = EXIT_CODES[explanation.decision];
      if (code !== 0) throw new Concluded(code);
    });
}

/** The answer first. */
function inOrder({ decision, code, publicCode, ...rest }: Explanation): Explanation {
  const { at, request, steps, response, cache, revocation } = rest;
  const codes = { ...(code !== undefined && { code }), ...(publicCode !== undefined && { publicCode }) };
  return { decision, ...codes, at, request, steps, response, cache, revocation };
}

async function explained(options: Options, terminal: Terminal): Promise<Explanation> {
  assertOneQuestion(options);
  const loaded = loadConfigFile(options.config);
  if (!loaded.ok) throw new CommandFailure(formatProblems(options.config, loaded.problems));
  const question = await questionOf(options, loaded.config, terminal);
  const nowMs = options.at ?? Date.now();
  const { stack, region } = options;
  useRegion(region);
  if (stack === undefined) return explainAt(question, { place: options, loaded, nowMs });
  const deployment = await readDeployment(stack, region);
  const table = tableFor(loaded.config, deployment);
  const place = { ...options, ...(table !== undefined && { table }) };
  return explainAt(question, { place, deployment, loaded, nowMs });
}

function assertOneQuestion({ event, token, method, path, header, stack, table, data }: Options): void {
  const parts = [token, method, path, header].filter((given) => given !== undefined);
  if (event !== undefined && parts.length > 0)
    throw new WrongUsage('an --event holds its token, method, path and headers; give it alone');
  if (event === undefined && parts.length === 0)
    throw new WrongUsage('explain what? give --token TOKEN, or --event FILE');
  if ([stack, table, data].filter((given) => given !== undefined).length > 1)
    throw new WrongUsage('--data, --table and --stack are three places; give one');
}

async function questionOf(
  { event, token, method = 'GET', path = '/', header = [] }: Options,
  config: AuthorizerConfig,
  terminal: Terminal,
): Promise<Question> {
  if (event !== undefined) {
    const text = event === '-' ? await readAll(terminal) : readFile(event).toString('utf8');
    return { kind: 'event', event: parseEvent(text) };
  }
  const bare = token === undefined ? undefined : await readToken(terminal, token);
  const headers = header.map(parseHeader);
  const request = requestOf({ method, path, headers, ...(bare !== undefined && { token: bare }) }, config);
  return { kind: 'request', request };
}

function parseEvent(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not quoted: there is a token in it.
    throw new CommandFailure('the event is no JSON; give it as CloudWatch or API Gateway has it');
  }
}
