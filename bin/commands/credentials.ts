import { Command } from 'commander';
import { call, pathTo } from '../consumers/consumer-api.ts';
import { idOf } from './consumer-verbs.ts';
import { type CredentialOptions, credentialCommand, keyIdArguments } from './credential-command.ts';
import { credentialScopesCommand } from './credential-scopes.ts';
import { createCredentialCommand } from './credentials-create.ts';
import { revokeTokenCommand } from './credentials-revoke-token.ts';
import { rotateCredentialCommand } from './credentials-rotate.ts';
import { each } from './each.ts';
import { pagesOf } from './pages.ts';
import { type ConsumerOptions, consumerCommand, examples, withConsumers } from './place-options.ts';
import type { Terminal } from './terminal.ts';

/** `jwt-authorizer credentials`: what consumers hold; a token's `sub` names one by its keyId. */
export function credentialsCommand(terminal: Terminal): Command {
  return new Command('credentials')
    .alias('credential')
    .description("Credentials: what consumers hold; a token's sub names one")
    .addCommand(createCredentialCommand(terminal))
    .addCommand(infoCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(statusCommand(terminal, true))
    .addCommand(statusCommand(terminal, false))
    .addCommand(removeCommand(terminal))
    .addCommand(rotateCredentialCommand(terminal))
    .addCommand(revokeTokenCommand(terminal))
    .addCommand(credentialScopesCommand('scopes', terminal))
    .addHelpText(
      'after',
      examples('credentials create -c ann --scope orders:read', 'credentials list -c ann'),
    );
}

function infoCommand(terminal: Terminal): Command {
  return credentialCommand('info', 'Show a credential, without its secret')
    .addArgument(keyIdArguments())
    .addHelpText('after', examples('credentials info k1'))
    .action((names: string[], options: CredentialOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        each(terminal, names, async (name) => {
          const path = pathTo('credentials', options.type, name);
          output.record(await call(api, { method: 'GET', path }), name);
        }),
      ),
    );
}

function listCommand(terminal: Terminal): Command {
  return consumerCommand('list', "List a consumer's credentials, or all")
    .option('-c, --consumer <id-or-name>', 'a user or an app')
    .addHelpText('after', examples('credentials list -c ann', 'credentials list -q'))
    .action((options: ConsumerOptions & { consumer?: string }) =>
      withConsumers(terminal, { options }, ({ api, output }) => {
        const { consumer } = options;
        const path = consumer === undefined ? '/credentials' : pathTo('credentials', consumer);
        return output.list(pagesOf(api, path, 'credentials'), idOf);
      }),
    );
}

function statusCommand(terminal: Terminal, status: boolean): Command {
  const verb = status ? 'activate' : 'deactivate';
  return credentialCommand(verb, status ? 'Let its tokens in again' : 'Keep its tokens out')
    .addArgument(keyIdArguments())
    .addHelpText('after', examples(`credentials ${verb} k1`))
    .action((names: string[], options: CredentialOptions) =>
      withConsumers(terminal, { options, gives: status }, ({ api, output }) =>
        each(terminal, names, async (name) => {
          const path = `${pathTo('credentials', options.type, name)}/status`;
          const answer = await call(api, { method: 'PUT', path, body: { status } });
          output.message(`credential ${name}: ${String(answer['status'])}`);
          output.record({ id: name, ...answer }, name);
        }),
      ),
    );
}

function removeCommand(terminal: Terminal): Command {
  return credentialCommand('remove', 'Delete a credential')
    .addArgument(keyIdArguments())
    .addHelpText('after', examples('credentials remove k1'))
    .action((names: string[], options: CredentialOptions) =>
      withConsumers(terminal, { options }, ({ api, output }) =>
        each(terminal, names, async (name) => {
          await call(api, { method: 'DELETE', path: pathTo('credentials', options.type, name) });
          output.message(`removed credential ${name}`);
          output.record({ id: name, status: 'Removed' }, name);
        }),
      ),
    );
}
