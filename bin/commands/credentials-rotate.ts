import type { Command } from 'commander';
import { call, pathTo } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { duration, type Properties, property, publicKeyFields } from './arguments.ts';
import {
  type CredentialOptions,
  credentialCommand,
  keyIdArgument,
  quietCredential,
} from './credential-command.ts';
import { keyVerifiesNothing } from './looked-up.ts';
import { examples, tellOf, withConsumers } from './place-options.ts';
import type { Terminal } from './terminal.ts';

type Options = CredentialOptions & {
  readonly overlap: number;
  readonly property?: Properties;
  readonly publicKey?: string;
  readonly algorithm?: string;
};

/** `credentials rotate`: two keys count for a while. */
export function rotateCredentialCommand(terminal: Terminal): Command {
  return credentialCommand(
    'rotate',
    'Give a credential a new key; its keySecret is shown this once, with -q as keyId:keySecret',
  )
    .addArgument(keyIdArgument())
    .option('--overlap <time>', 'how long the key until now goes on to count', duration, 86_400)
    .option('-p, --property <name=value>', 'keySecret, if it is not to be generated', property)
    .option('--public-key <file>', 'the new PEM public key or certificate')
    .option('--algorithm <name>', 'what it verifies (default: the usual one of its type)')
    .addHelpText(
      'after',
      examples('credentials rotate k1 --overlap 7d', 'credentials rotate k2 --public-key new.pem'),
    )
    .action((keyId: string, options: Options) => {
      if (options.overlap < 0)
        throw new WrongUsage('--overlap must not be negative; 0s ends the old key now');
      const body = { ...options.property, ...publicKeyFields(options), overlapSeconds: options.overlap };
      return withConsumers(terminal, { options }, async ({ api, output }) => {
        const path = `${pathTo('credentials', options.type, keyId)}/rotate`;
        const made = await call(api, { method: 'POST', path, body });
        output.message(`credential ${keyId} has a new key`);
        if (made['keySecret'] !== undefined) output.message('its keySecret is shown this once: keep it now');
        tellOf(terminal, options, keyVerifiesNothing);
        output.record(made, quietCredential({ ...made, keyId }, body));
      });
    });
}
