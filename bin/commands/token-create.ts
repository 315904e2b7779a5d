import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import jwt from 'jsonwebtoken';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { call, pathTo, Refused } from '../consumers/consumer-api.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { openConsumers } from '../consumers/open.ts';
import { duration, type Properties } from './arguments.ts';
import { keyIdOf } from './credential-command.ts';
import { type ConsumerOptions, consumerCommand, examples } from './place-options.ts';
import type { Terminal } from './terminal.ts';
import { claim, claimsFor, missingClaims } from './token-claims.ts';
import { algorithmFor, isShort, parseAlgorithm, signingKey } from './token-key.ts';
import { localSigner, policyForKey } from './token-policy.ts';

type Options = ConsumerOptions & {
  readonly property?: Properties;
  readonly expiresIn?: number | 'never';
  readonly algorithm?: string;
  readonly key?: string;
  readonly typ?: string;
};

interface Held {
  readonly issuer?: string;
  readonly scopes: readonly string[];
}

const DEFAULT_SECONDS = 3_600;

/** A deployed stack would answer 401 to it, and its log say no more than `signature_invalid`. */
const NOT_THE_STACKS =
  "signed with the secret that was made here; a stack's is its own: give it with --key FILE (out of Secrets Manager, by the output GeneratedSecretArn…)";

/** `token create`: the token on stdout, what there is to say of it on stderr. */
export function createTokenCommand(terminal: Terminal): Command {
  return consumerCommand('create', 'Make a token to test with')
    .argument('[keyId]', 'the credential that it names as its sub', keyIdOf)
    .option('-p, --property <claim=value>', 'a claim; JSON or a text; repeatable', claim)
    .option('--expires-in <time>', 'such as 1h, -5m (expired already) or never (default: 1h)', expiry)
    .option('--algorithm <name>', "default: the policy's first that the key can do")
    .option(
      '--key <file>',
      "private key (PEM, JWK) or secret; default: the configuration's, where it is here",
    )
    .option('--typ <type>', 'the typ of the header, such as at+jwt')
    .addHelpText(
      'after',
      examples(
        'token create ann-1',
        'token create ann-1 -p scope="orders:read orders:write" --expires-in 5m',
        'token create -p sub=someone -p admin=true --key private.pem --algorithm PS256',
      ),
    )
    .action(async (keyId: string | undefined, options: Options) => {
      const note = (text: string) => {
        if (!options.quiet) terminal.err(`${text}\n`);
      };
      terminal.out(`${await mint(keyId, options, note)}\n`);
    });
}

const expiry = (text: string): number | 'never' => (text === 'never' ? 'never' : duration(text));

async function mint(
  keyId: string | undefined,
  options: Options,
  note: (text: string) => void,
): Promise<string> {
  const { property = {}, key: path } = options;
  if (keyId === undefined && property['sub'] === undefined && path === undefined) {
    throw new WrongUsage('whose token? Give a keyId, or -p sub=SUBJECT');
  }
  const wished = options.algorithm === undefined ? undefined : parseAlgorithm(options.algorithm);
  const given = path === undefined ? undefined : signingKey(path);
  // With a key of one's own, no configuration is needed, and without one there is nowhere to look.
  const canLookUp = keyId !== undefined && (given === undefined || existsSync(options.config));
  const held = canLookUp ? await lookUp(keyId, options, note) : undefined;
  const issuer = typeof property['iss'] === 'string' ? property['iss'] : held?.issuer;
  const { policy, key } = given
    ? { key: given, policy: policyFor(given, { issuer, options }, note) }
    : localSigner(options, { issuer, keyId });
  if (given === undefined && options.table !== undefined && policy?.keySource.kind === 'generated')
    note(`warning: ${NOT_THE_STACKS}`);
  const claims = {
    ...(policy && claimsFor(policy, held?.scopes ?? [])),
    ...(issuer !== undefined && { iss: issuer }),
    ...(keyId !== undefined && { sub: keyId }),
    ...property,
  };
  const missing = policy ? missingClaims(policy, claims) : [];
  if (missing.length > 0)
    note(`warning: the policy also asks for ${missing.join(', ')}; give -p CLAIM=VALUE`);
  const algorithms = wished === undefined ? (policy?.algorithms ?? []) : [wished];
  return sign({ claims, key, algorithms, ...(policy && { policy }) }, options, note);
}

/** @returns undefined where the token is made of what was given alone. */
function policyFor(
  key: KeyObject,
  { issuer, options }: { readonly issuer: string | undefined; readonly options: Options },
  note: (text: string) => void,
): JwtPolicy | undefined {
  const fit = policyForKey(options, key, issuer);
  if (fit === undefined) return undefined;
  if ('why' in fit) {
    note(`note: ${fit.why}, so no policy's claims were taken`);
    return undefined;
  }
  note(`note: with the claims that jwt[${fit.policy.index}] of ${options.config} asks for`);
  return fit.policy;
}

/** A token can be made for a credential that is not there: that it is denied may be what is to be tested. */
async function lookUp(
  keyId: string,
  options: Options,
  note: (text: string) => void,
): Promise<Held | undefined> {
  try {
    const api = await openConsumers(options, false);
    try {
      const credential = await call(api, { method: 'GET', path: pathTo('credentials', 'jwt', keyId) });
      if (credential['isActive'] === false) note(`warning: the credential ${keyId} is not active`);
      return credential as unknown as Held;
    } finally {
      await api.close();
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const why =
      error instanceof Refused && error.status === 404
        ? 'there is no credential of that keyId'
        : error.message;
    note(`warning: ${why}`);
    return undefined;
  }
}

interface Signing {
  readonly claims: Properties;
  readonly key: Parameters<typeof algorithmFor>[0];
  readonly algorithms: Parameters<typeof algorithmFor>[1];
  readonly policy?: JwtPolicy;
}

function sign(
  { claims, key, algorithms, policy }: Signing,
  { expiresIn, typ = policy?.tokenTypes?.[0] ?? 'JWT' }: Options,
  note: (text: string) => void,
): string {
  const algorithm = algorithmFor(key, algorithms);
  if (isShort(key, algorithm))
    note(`warning: the secret is shorter than ${algorithm} asks for (RFC 7518 §3.2)`);
  const iat = Math.floor(Date.now() / 1000);
  const seconds = expiresIn ?? Math.min(DEFAULT_SECONDS, policy?.maxAgeSeconds ?? DEFAULT_SECONDS);
  const payload = { iat, ...(seconds !== 'never' && { exp: iat + seconds }), ...claims };
  try {
    return jwt.sign(payload, key, { algorithm, header: { alg: algorithm, typ } });
  } catch (error) {
    // Of the claims' names and the key's type; it quotes no values.
    throw new CommandFailure(`no token can be made: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
