import { Command } from 'commander';
import { call, type Json, pathTo } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { each } from './each.ts';
import {
  type ConsumerOptions,
  consumerCommand,
  examples,
  withConsumers,
  withNewConsumers,
} from './place-options.ts';
import { createFromStdin } from './stdin/create-from-stdin.ts';
import type { Terminal } from './terminal.ts';

/** `jwt-authorizer scopes`: the names that credentials may be given, and routes ask for. */
export function scopesCommand(terminal: Terminal): Command {
  return new Command('scopes')
    .alias('scope')
    .description('Scopes: what credentials may be given')
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(infoCommand(terminal))
    .addCommand(removeCommand(terminal))
    .addHelpText('after', examples('scopes create orders:read orders:write', 'scopes list'));
}

function createCommand(terminal: Terminal): Command {
  return consumerCommand('create', 'Create scopes, all or none')
    .argument('[scope...]')
    .option('--stdin', 'a scope a line, as a JSON text or {"scope": …}; those that exist are skipped')
    .addHelpText(
      'after',
      examples('scopes create orders:read orders:write', 'scopes create --stdin < scopes.ndjson'),
    )
    .action((scopes: string[], options: ConsumerOptions & { stdin?: boolean }) => {
      if (options.stdin === true) {
        const toBody = ({ scope }: Json) => ({ scopes: [scope] });
        return createFromStdin(terminal, options, { path: '/scopes', toBody });
      }
      if (scopes.length === 0) throw new WrongUsage('which scopes? Give their names, or --stdin');
      return withNewConsumers(terminal, options, async ({ api, output }) => {
        await call(api, { method: 'POST', path: '/scopes', body: { scopes } });
        output.message(`created ${scopes.join(' ')}`);
        for (const scope of scopes) output.record({ scope }, scope);
      });
    });
}

function listCommand(terminal: Terminal): Command {
  return consumerCommand('list', 'List all scopes')
    .addHelpText('after', examples('scopes list -q'))
    .action((options: ConsumerOptions) =>
      withConsumers(terminal, { options }, async ({ api, output }) => {
        const { scopes } = await call(api, { method: 'GET', path: '/scopes' });
        await output.list((scopes ?? []) as readonly string[], (scope) => scope);
      }),
    );
}

function infoCommand(terminal: Terminal): Command {
  return consumerCommand('info', 'Whether scopes exist')
    .argument('<scope...>')
    .addHelpText('after', examples('scopes info orders:read'))
    .action((scopes: string[], options: ConsumerOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        each(terminal, scopes, async (scope) => {
          output.record(await call(api, { method: 'GET', path: pathTo('scopes', scope) }), scope);
        }),
      ),
    );
}

function removeCommand(terminal: Terminal): Command {
  return consumerCommand('remove', 'Delete scopes; they leave every credential')
    .argument('<scope...>')
    .addHelpText('after', examples('scopes remove orders:read'))
    .action((scopes: string[], options: ConsumerOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        each(terminal, scopes, async (scope) => {
          await call(api, { method: 'DELETE', path: pathTo('scopes', scope) });
          output.message(`removed scope ${scope}`);
          output.record({ scope, status: 'Removed' }, scope);
        }),
      ),
    );
}
