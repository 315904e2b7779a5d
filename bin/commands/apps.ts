import { Command } from 'commander';
import { call, type Json } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { type Properties, property } from './arguments.ts';
import { addConsumerVerbs, idOf } from './consumer-verbs.ts';
import { type ConsumerOptions, consumerCommand, examples, withNewConsumers } from './place-options.ts';
import { createFromStdin } from './stdin/create-from-stdin.ts';
import { findAppOf } from './stdin/find-record.ts';
import type { Terminal } from './terminal.ts';

type Options = ConsumerOptions & {
  readonly property?: Properties;
  readonly user?: string;
  readonly stdin?: boolean;
};

/** `jwt-authorizer apps`: what a user runs, each with credentials of its own. */
export function appsCommand(terminal: Terminal): Command {
  const group = new Command('apps').alias('app').description('Applications: what a user runs');
  group.addCommand(createCommand(terminal));
  addConsumerVerbs(
    group,
    { plural: 'apps', singular: 'app', argument: 'id-or-name', example: 'shop' },
    terminal,
  );
  return group;
}

function createCommand(terminal: Terminal): Command {
  return consumerCommand('create', 'Create an application of a user')
    .option('-u, --user <id-or-username>', 'whose it is')
    .option(
      '-p, --property <name=value>',
      'name (needed), redirectUri, isActive, or a property of your own; repeatable',
      property,
    )
    .option('--stdin', 'an app a line, as JSON; those that exist are skipped')
    .addHelpText(
      'after',
      examples('apps create -u ann -p name=shop', 'apps create -u ann --stdin < apps.ndjson'),
    )
    .action((options: Options) => {
      const body = { ...(options.user !== undefined && { userId: options.user }), ...options.property };
      if (options.stdin === true) {
        const toBody = (line: Json) => ({ ...body, ...line });
        return createFromStdin(terminal, options, { path: '/apps', toBody, openFind: findAppOf });
      }
      if (!('userId' in body)) throw new WrongUsage('an app needs a user; give -u USER');
      if (!('name' in body)) throw new WrongUsage('an app needs a name; give -p name=NAME');
      return withNewConsumers(terminal, options, async ({ api, output }) => {
        const app = await call(api, { method: 'POST', path: '/apps', body });
        output.message(`created app ${String(app['name'])}`);
        output.record(app, idOf(app));
      });
    });
}
