import type { Command } from 'commander';
import { call, type Json } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { futureDuration, type Properties, property, publicKeyFields, several } from './arguments.ts';
import { type CredentialOptions, credentialCommand, quietCredential } from './credential-command.ts';
import { keyVerifiesNothing } from './looked-up.ts';
import { examples, tellOf, withNewConsumers } from './place-options.ts';
import { createFromStdin } from './stdin/create-from-stdin.ts';
import { findCredentialOf, givesKey } from './stdin/find-record.ts';
import type { Terminal } from './terminal.ts';

type Options = CredentialOptions & {
  readonly consumer?: string;
  readonly property?: Properties;
  readonly scope?: readonly string[];
  readonly expiresIn?: number;
  readonly plan?: string;
  readonly publicKey?: string;
  readonly algorithm?: string;
  readonly stdin?: boolean;
};

/** `credentials create`: the one time that a secret is shown. */
export function createCredentialCommand(terminal: Terminal): Command {
  return credentialCommand(
    'create',
    'Create a credential; its keySecret is shown this once, with -q as keyId:keySecret',
  )
    .option('-c, --consumer <id-or-name>', 'the user or app that holds it')
    .option(
      '-p, --property <name=value>',
      'keyId, keySecret, scopes (a,b), issuer, apiKey, plan, isActive, or a property of your own; repeatable',
      property,
    )
    .option('--scope <scope>', 'a scope that it has; repeatable', several)
    .option('--expires-in <time>', 'when it ends, such as 90d', futureDuration)
    .option('--plan <name>', 'the usage plan that counts its requests; with --table an id, too')
    .option('--public-key <file>', 'PEM public key or certificate, instead of a secret')
    .option('--algorithm <name>', 'what the public key verifies (default: the usual one of its type)')
    .option(
      '--stdin',
      'a credential a line, as JSON with its consumerId; give keyIds: those that exist are skipped',
    )
    .addHelpText(
      'after',
      examples(
        'credentials create -c ann',
        'credentials create -c shop -p keyId=shop-1 --scope orders:read --expires-in 90d',
        'credentials create -c shop --plan gold',
        'credentials create --stdin < credentials.ndjson > created.ndjson',
        'credentials create -c ann --public-key ann.pem --algorithm RS256',
      ),
    )
    .action((options: Options) => {
      const { consumer: consumerId, type } = options;
      if (options.stdin === true) {
        const shared = { ...(consumerId !== undefined && { consumerId }), ...fieldsOf(options) };
        const toBody = (line: Json) => bodyOf({ ...shared, ...line }, type);
        return createFromStdin(terminal, options, {
          path: '/credentials',
          toBody,
          openFind: findCredentialOf,
          hasUncompared: givesKey,
          quietly: (record, { credential }) => quietCredential(record, credential as Json),
        });
      }
      if (consumerId === undefined) throw new WrongUsage('a credential needs a holder; give -c USER-OR-APP');
      const body = { consumerId, type, credential: fieldsOf(options) };
      return withNewConsumers(terminal, options, async ({ api, output }) => {
        const made = await call(api, { method: 'POST', path: '/credentials', body });
        output.message(`created credential ${String(made['keyId'])}`);
        if (made['keySecret'] !== undefined) output.message('its keySecret is shown this once: keep it now');
        if (made['keySecret'] !== undefined || options.publicKey !== undefined)
          tellOf(terminal, options, keyVerifiesNothing);
        if (isShort(made['keySecret'])) output.message(SHORT);
        output.record(made, quietCredential(made, body.credential));
      });
    });
}

const SHORT =
  'warning: it is shorter than HS256 asks for (32 bytes); with credentialKey it verifies only where allowShortSecret is set';

const isShort = (keySecret: unknown): boolean =>
  typeof keySecret === 'string' && Buffer.byteLength(keySecret) < 32;

/** @returns the credential as the Admin API takes it. */
export function fieldsOf(options: Omit<Options, 'type'>): Properties {
  const { property: given = {}, scope = [], expiresIn, plan } = options;
  const inProperties = Array.isArray(given['scopes']) ? given['scopes'] : [];
  const scopes = [...inProperties, ...scope];
  return {
    ...given,
    ...(scopes.length > 0 && { scopes }),
    ...(expiresIn !== undefined && { expiresAt: Math.floor(Date.now() / 1000) + expiresIn }),
    ...(plan !== undefined && { plan }),
    ...publicKeyFields(options),
  };
}

/** A line may be flat, or as the Admin API takes it, with the credential's own fields below. */
function bodyOf({ consumerId, type: own, credential, ...flat }: Json, type: string): Json {
  return { consumerId, type: own ?? type, credential: { ...flat, ...(credential as Json | undefined) } };
}
