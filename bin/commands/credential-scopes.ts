import { Command } from 'commander';
import { type ApiRequest, call, pathTo } from '../consumers/consumer-api.ts';
import { type CredentialOptions, credentialCommand, keyIdOf } from './credential-command.ts';
import { examples, type Work, withConsumers } from './place-options.ts';
import type { Terminal } from './terminal.ts';

type Options = CredentialOptions & { readonly id: string };
type Verb = 'add' | 'remove' | 'set';

const DESCRIPTIONS: Readonly<Record<Verb, string>> = {
  add: 'Give a credential scopes, beside those that it has',
  remove: 'Take scopes from a credential',
  set: 'Give a credential these scopes, and no others',
};

/** `credentials scopes`; Express Gateway has the same as `credential:scopes`. */
export function credentialScopesCommand(name: string, terminal: Terminal): Command {
  const group = new Command(name).description('The scopes of a credential');
  for (const verb of ['add', 'remove', 'set'] as const) group.addCommand(verbCommand(verb, terminal));
  return group.addHelpText('after', examples('credentials scopes add orders:read --id k1'));
}

function verbCommand(verb: Verb, terminal: Terminal): Command {
  return (
    credentialCommand(verb, DESCRIPTIONS[verb])
      // None is a set, too: it takes all away.
      .argument(verb === 'set' ? '[scope...]' : '<scope...>')
      .requiredOption('--id <keyId>', 'the credential', keyIdOf)
      .addHelpText('after', examples(`credentials scopes ${verb} orders:read orders:write --id k1`))
      .action((scopes: string[], options: Options) =>
        withConsumers(terminal, { options, gives: verb !== 'remove' }, (work) =>
          change(work, { verb, scopes, options }),
        ),
      )
  );
}

async function change(
  { api, output }: Work,
  { verb, scopes, options }: { verb: Verb; scopes: readonly string[]; options: Options },
): Promise<void> {
  const path = pathTo('credentials', options.type, options.id);
  for (const request of requests(verb, `${path}/scopes`, scopes)) await call(api, request);
  const credential = await call(api, { method: 'GET', path });
  output.message(`credential ${options.id} has the scopes: ${list(credential['scopes'])}`);
  output.record(credential, options.id);
}

/** The wire format adds and removes one at a time, and sets all at once. */
function requests(verb: Verb, path: string, scopes: readonly string[]): readonly ApiRequest[] {
  if (verb === 'set') return [{ method: 'PUT', path, body: { scopes } }];
  const method = verb === 'add' ? 'PUT' : 'DELETE';
  return scopes.map((scope) => ({ method, path: `${path}${pathTo(scope)}` }));
}

const list = (scopes: unknown): string =>
  Array.isArray(scopes) && scopes.length > 0 ? scopes.join(' ') : 'none';
