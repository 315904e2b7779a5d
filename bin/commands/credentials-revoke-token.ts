import type { Command } from 'commander';
import { decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import { LAST_SECOND } from '../../lambda/consumers/checks.ts';
import { tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { call, type Json } from '../consumers/consumer-api.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { moment } from './arguments.ts';
import { type ConsumerOptions, consumerCommand, examples, withConsumers } from './place-options.ts';
import type { Terminal } from './terminal.ts';
import { readToken } from './token-argument.ts';

type Options = ConsumerOptions & {
  readonly jti?: string;
  readonly issuer?: string;
  readonly expiresAt?: number;
};

/** `credentials revoke-token`: one token ends before it expires. The token itself goes nowhere: its hash does. */
export function revokeTokenCommand(terminal: Terminal): Command {
  return consumerCommand('revoke-token', 'Revoke one token before it expires')
    .argument('[token]', 'the token, or - to read it')
    .option('--jti <jti>', 'instead of the token: its jti claim')
    .option('--issuer <issuer>', 'beside --jti: its iss claim (default: tokens without one)')
    .option('--expires-at <time>', 'beside --jti: until when it is to be kept (default: for ever)', moment)
    .addHelpText(
      'after',
      `${examples(
        'credentials revoke-token eyJhbGciOi…',
        'credentials revoke-token --jti 7f3c --issuer https://id.example.com/ --expires-at 2027-01-01T00:00:00Z',
      )}\n\nTokens that the policies with checkCredentialExistence or tokenRevocation accept. All of a consumer's: jwt-authorizer revoke.`,
    )
    .action(async (given: string | undefined, options: Options) => {
      const body = given === undefined ? byJti(options) : byToken(await readToken(terminal, given), options);
      return withConsumers(terminal, { options }, async ({ api, output }) => {
        await call(api, { method: 'POST', path: '/revocations/tokens', body });
        output.message(messageFor(body));
        output.record({ status: 'Revoked', ...body }, undefined);
      });
    });
}

/** A jti is unique within its issuer: without one, only tokens that name none are meant. */
const messageFor = ({ jti, issuer }: Json): string =>
  jti === undefined || issuer !== undefined
    ? 'revoked'
    : 'revoked: the token with this jti and no iss; for one that has an iss, give its --issuer too';

function byJti({ jti, issuer, expiresAt }: Options): Json {
  if (jti === undefined) throw new WrongUsage('which token? give it, or its --jti with its --issuer');
  return { jti, ...(issuer !== undefined && { issuer }), ...(expiresAt !== undefined && { expiresAt }) };
}

/** The revocation lasts until the token expires. Nothing is verified: a token that nobody accepts may be revoked. */
function byToken(token: string, { jti, issuer, expiresAt }: Options): Json {
  if ([jti, issuer, expiresAt].some((option) => option !== undefined))
    throw new WrongUsage('give the token alone, or --jti with --issuer and --expires-at');
  const decoded = decode(token as UnverifiedToken);
  if (isDenial(decoded)) {
    throw new CommandFailure(
      'this is no token that the authorizer would accept; jwt-authorizer token inspect says more',
    );
  }
  const { exp } = decoded.unverifiedClaims;
  const ends = typeof exp === 'number' && exp > 0 && exp < LAST_SECOND;
  return {
    tokenHash: tokenHashOf(token.slice(0, token.lastIndexOf('.'))),
    ...(ends && { expiresAt: Math.ceil(exp) }),
  };
}
