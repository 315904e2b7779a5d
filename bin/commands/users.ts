import { Command } from 'commander';
import { call, type Json } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { type Properties, property } from './arguments.ts';
import { addConsumerVerbs, idOf } from './consumer-verbs.ts';
import { type ConsumerOptions, consumerCommand, examples, withNewConsumers } from './place-options.ts';
import { createFromStdin } from './stdin/create-from-stdin.ts';
import { findUserOf } from './stdin/find-record.ts';
import type { Terminal } from './terminal.ts';

type Options = ConsumerOptions & { readonly property?: Properties; readonly stdin?: boolean };

/** `jwt-authorizer users`: people, each with credentials and apps. */
export function usersCommand(terminal: Terminal): Command {
  const group = new Command('users').alias('user').description('Users: who holds credentials and apps');
  group.addCommand(createCommand(terminal));
  addConsumerVerbs(
    group,
    { plural: 'users', singular: 'user', argument: 'id-or-username', example: 'ann' },
    terminal,
  );
  return group;
}

function createCommand(terminal: Terminal): Command {
  return consumerCommand('create', 'Create a user')
    .option(
      '-p, --property <name=value>',
      'username (needed), firstname, lastname, email, redirectUri, isActive, or a property of your own; repeatable',
      property,
    )
    .option('--stdin', 'a user a line, as JSON; those that exist are skipped')
    .addHelpText(
      'after',
      examples(
        'users create -p username=ann -p email=ann@example.com',
        'users create --stdin < users.ndjson',
      ),
    )
    .action((options: Options) => {
      if (options.stdin === true) {
        const toBody = (line: Json) => ({ ...options.property, ...line });
        return createFromStdin(terminal, options, { path: '/users', toBody, openFind: findUserOf });
      }
      const body = options.property ?? {};
      if (body['username'] === undefined) throw new WrongUsage('a user needs a name; give -p username=NAME');
      return withNewConsumers(terminal, options, async ({ api, output }) => {
        const user = await call(api, { method: 'POST', path: '/users', body });
        output.message(`created user ${String(user['username'])}`);
        output.record(user, idOf(user));
      });
    });
}
