/** The verbs that users and applications share. */
import type { Command } from 'commander';
import { type ConsumerApi, call, type Json, pathTo } from '../consumers/consumer-api.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { type Properties, property, several } from './arguments.ts';
import { each } from './each.ts';
import { pagesOf } from './pages.ts';
import { type ConsumerOptions, consumerCommand, examples, withConsumers } from './place-options.ts';
import type { Terminal } from './terminal.ts';

/** What tells the groups apart. */
export interface Noun {
  /** Of the command and of the path: `users`. */
  readonly plural: 'users' | 'apps';
  readonly singular: 'user' | 'app';
  readonly argument: string;
  /** Of a person's choosing, for the examples. */
  readonly example: string;
}

export function addConsumerVerbs(group: Command, noun: Noun, terminal: Terminal): void {
  const { plural } = noun;
  group
    .addCommand(infoCommand(noun, terminal))
    .addCommand(listCommand(noun, terminal))
    .addCommand(updateCommand(noun, terminal))
    .addCommand(removeCommand(noun, terminal))
    .addCommand(statusCommand(noun, terminal, true))
    .addCommand(statusCommand(noun, terminal, false))
    .addHelpText('after', examples(`${plural} list -q`, `${plural} create --help`));
}

function infoCommand({ plural, singular, argument, example }: Noun, terminal: Terminal): Command {
  return consumerCommand('info', `Show one ${singular}, or several`)
    .argument(`<${argument}...>`)
    .addHelpText('after', examples(`${plural} info ${example}`))
    .action((names: string[], options: ConsumerOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        each(terminal, names, async (name) => {
          const record = await call(api, { method: 'GET', path: pathTo(plural, name) });
          output.record(record, idOf(record));
        }),
      ),
    );
}

function listCommand({ plural }: Noun, terminal: Terminal): Command {
  return consumerCommand('list', `List all ${plural}, in order of creation`)
    .addHelpText('after', examples(`${plural} list`, `${plural} list -q`))
    .action((options: ConsumerOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        output.list(pagesOf(api, `/${plural}`, plural), idOf),
      ),
    );
}

function updateCommand({ plural, singular, argument, example }: Noun, terminal: Terminal): Command {
  return consumerCommand('update', `Change ${oneOf(singular)}; what is not named stays`)
    .argument(`<${argument}>`)
    .option('-p, --property <name=value>', 'a field, or a property of your own; repeatable', property)
    .option('--unset <name>', 'take a field or property away; repeatable', several)
    .addHelpText('after', examples(`${plural} update ${example} -p redirectUri=https://a.example/cb`))
    .action((name: string, options: ConsumerOptions & { property?: Properties; unset?: string[] }) => {
      const gone = Object.fromEntries((options.unset ?? []).map((field) => [field, null]));
      const body = { ...options.property, ...gone };
      if (Object.keys(body).length === 0) throw new WrongUsage('nothing to change; give -p NAME=VALUE');
      return withConsumers(terminal, { options }, async ({ api, output }) => {
        if (plural === 'users') await assertSameUsername(api, name, body);
        const record = await call(api, { method: 'PUT', path: pathTo(plural, name), body });
        output.message(`updated ${singular} ${name}`);
        output.record(record, idOf(record));
      });
    });
}

/** The wire format takes another username and ignores it, as Express Gateway does. @throws CommandFailure */
async function assertSameUsername(api: ConsumerApi, name: string, body: Properties): Promise<void> {
  if (!Object.hasOwn(body, 'username')) return;
  const { username } = await call(api, { method: 'GET', path: pathTo('users', name) });
  if (body['username'] === username) return;
  throw new CommandFailure(
    `a username never changes, and nothing was changed; create a user of the new name (jwt-authorizer users create), and remove ${name} when nothing needs it`,
  );
}

function removeCommand({ plural, singular, argument, example }: Noun, terminal: Terminal): Command {
  const what = plural === 'users' ? 'its apps and all their credentials' : 'its credentials';
  return consumerCommand('remove', `Delete ${oneOf(singular)} with ${what}`)
    .argument(`<${argument}...>`)
    .addHelpText('after', examples(`${plural} remove ${example}`))
    .action((names: string[], options: ConsumerOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        each(terminal, names, async (name) => {
          await call(api, { method: 'DELETE', path: pathTo(plural, name) });
          output.message(`removed ${singular} ${name}`);
          output.record({ id: name, status: 'Removed' }, name);
        }),
      ),
    );
}

function statusCommand(
  { plural, singular, argument, example }: Noun,
  terminal: Terminal,
  status: boolean,
): Command {
  const verb = status ? 'activate' : 'deactivate';
  const effect = status ? 'Let' : 'Keep';
  return consumerCommand(
    verb,
    `${effect} ${oneOf(singular)} ${status ? 'in again' : 'out, with all that it has'}`,
  )
    .argument(`<${argument}...>`)
    .addHelpText('after', examples(`${plural} ${verb} ${example}`))
    .action((names: string[], options: ConsumerOptions) =>
      withConsumers(terminal, { options, gives: status }, ({ api, output }) =>
        each(terminal, names, async (name) => {
          const path = `${pathTo(plural, name)}/status`;
          const answer = await call(api, { method: 'PUT', path, body: { status } });
          output.message(`${singular} ${name}: ${String(answer['status'])}`);
          output.record({ id: name, ...answer }, name);
        }),
      ),
    );
}

const oneOf = (singular: Noun['singular']): string => (singular === 'app' ? 'an app' : `a ${singular}`);

export const idOf = (record: Json): string => String(record['id']);
