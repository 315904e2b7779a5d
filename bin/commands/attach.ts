import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Handler } from '../../lambda/attachment/wish.ts';
import { keyedOf } from '../../lambda/config/keying.ts';
import { parseSelector } from '../../lambda/config/selector.ts';
import type { Selector } from '../../lambda/config/types.ts';
import { type Asked, wishOf } from '../attachment/wish.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { several } from './arguments.ts';
import { changingCommand } from './attachment-options.ts';
import { examples } from './place-options.ts';
import { type ChangeOptions, type Prepare, runChange } from './run-change.ts';
import type { Terminal } from './terminal.ts';

interface Options extends ChangeOptions {
  readonly stage?: readonly string[];
  readonly route?: readonly Selector[];
  readonly allRoutes?: boolean;
  readonly takeOver?: boolean;
  readonly deployPendingChanges?: boolean;
  readonly onDetach?: 'restore' | 'deny';
  readonly functionArn?: string;
  /** A text: its ARN; false: there is none. */
  readonly invokeRoleArn?: string | false;
}

const ABOUT = `
What an option leaves out is taken from restApi in the configuration, else from what was attached before. Without both, an
attachment that is there is made again: after a rollback or an import of the API's owner that opened methods, say. What a
stack has attached is only attached again; to change it, change its configuration and deploy.

Nothing is changed before the plan was shown, and only what the plan says. At no moment is a method less protected than it was.
Stopped by Ctrl-C or killed, the same command goes on where it was.

--json: {outcome, restApiId, owner, stages, routes, methods [{path, httpMethod, fate, before, after}], authorizers, deploys,
warnings, refusals [{code, message, subjects}]}. Outcomes, fates and codes are stable. See docs/attach-command.md.`;

/** `jwt-authorizer attach`: puts the authorizer before methods of a REST API that exists. */
export function attachCommand(terminal: Terminal): Command {
  return changingCommand('attach', 'Put the authorizer before methods of a REST API that exists')
    .option('--stage <name>', 'a stage that gets it; repeatable', stages)
    .option(
      '--route <selector>',
      'which methods, such as "GET /orders/*" or "!GET /health"; repeatable (default: all but OPTIONS)',
      selectors,
    )
    .option(
      '--all-routes',
      'all methods but OPTIONS, whatever the configuration or an earlier attachment says',
    )
    .option('--take-over', 'also methods that something else protects now')
    .option('--no-take-over', 'not those, whatever the configuration says')
    .option('--deploy-pending-changes', "also publish others' edits of the API that are not deployed yet")
    .option('--no-deploy-pending-changes', 'not those, whatever the configuration says')
    .addOption(
      new Option(
        '--on-detach <what>',
        'restore: later, methods get back what they had; deny: open ones ask for IAM then',
      ).choices(['restore', 'deny']),
    )
    .option(
      '--function-arn <arn>',
      "a published version of the function, instead of the stack's",
      functionArn,
    )
    .option('--invoke-role-arn <arn>', 'the role in which API Gateway invokes that', roleArn)
    .option('--no-invoke-role-arn', "that function's own policy lets API Gateway invoke it")
    .addHelpText(
      'after',
      `${examples(
        'attach --dry-run',
        'attach --stack Orders --rest-api-id a1b2c3d4e5 --stage prod --route "ANY /orders" --route "ANY /orders/*"',
        'attach --stack Orders --rest-api-id a1b2c3d4e5 --yes',
      )}\n${ABOUT}`,
    )
    .action((options: Options) => {
      const asked = askedBy(options);
      const prepare: Prepare = async (place, engine) => {
        const { restApiId, journalTable, config, handler } = place;
        const journal = await engine.journal.read(restApiId);
        const section = config?.restApi?.id === restApiId ? config.restApi : undefined;
        const keyed = config === undefined ? undefined : keyedOf(config);
        const wish = wishOf({ restApiId, journalTable, asked, section, keyed, handler, journal });
        return { verb: 'attach', wish, run: (how) => engine.reconcile(wish, how) };
      };
      return runChange(terminal, options, { needsConfig: true, prepare });
    });
}

function askedBy(options: Options): Asked {
  const { stage, route, allRoutes, takeOver, deployPendingChanges, onDetach } = options;
  if (route !== undefined && allRoutes)
    throw new WrongUsage('--route and --all-routes are two wishes; give one');
  return {
    stages: stage,
    selectors: allRoutes ? [] : route,
    takeOver,
    deployPendingChanges,
    onDetach,
    handler: handlerOf(options),
  };
}

function handlerOf({ functionArn, invokeRoleArn }: Options): Handler | undefined {
  if (functionArn === undefined) {
    if (invokeRoleArn === undefined) return undefined;
    throw new WrongUsage('--invoke-role-arn goes with --function-arn');
  }
  if (invokeRoleArn === undefined)
    throw new WrongUsage(
      'API Gateway must be let in to that function: give --invoke-role-arn, or --no-invoke-role-arn where its own policy does',
    );
  return { functionArn, ...(invokeRoleArn !== false && { invokeRoleArn }) };
}

function stages(text: string, previous?: readonly string[]): readonly string[] {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(text))
    throw new InvalidArgumentError("give a stage's name, of letters, digits, - and _");
  return [...new Set(several(text, previous))];
}

function selectors(text: string, previous: readonly Selector[] = []): readonly Selector[] {
  const selector = parseSelector(text);
  if (typeof selector === 'string') throw new InvalidArgumentError(selector);
  return [...previous, selector];
}

/** A version's: an alias could get another configuration under the keying of this one. */
function functionArn(text: string): string {
  if (/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+:\d+$/.test(text)) return text;
  throw new InvalidArgumentError('give the ARN of a published version, which ends with :NUMBER');
}

function roleArn(text: string): string {
  if (/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/.test(text)) return text;
  throw new InvalidArgumentError('give the ARN of an IAM role');
}
