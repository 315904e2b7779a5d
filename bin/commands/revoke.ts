import type { Command } from 'commander';
import { call, pathTo } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { pastMoment } from './arguments.ts';
import { type ConsumerOptions, consumerCommand, examples, withConsumers } from './place-options.ts';
import type { Terminal } from './terminal.ts';

type Options = ConsumerOptions & {
  readonly consumer?: string;
  readonly issuedBefore?: number;
  readonly allIssuedBefore?: number;
};

/** `jwt-authorizer revoke`: all tokens that were issued before a moment, a consumer's or everybody's. */
export function revokeCommand(terminal: Terminal): Command {
  return consumerCommand('revoke', 'Revoke tokens that were issued before a moment')
    .option('-c, --consumer <id-or-name>', "a user's tokens, with those of its apps; or an app's")
    .option(
      '--issued-before <time>',
      'by their iat; tokens without one are revoked too (default: now)',
      pastMoment,
    )
    .option('--all-issued-before <time>', "everybody's", pastMoment)
    .addHelpText(
      'after',
      `${examples(
        'revoke --consumer ann',
        'revoke --consumer shop --issued-before 2026-11-22T10:00:00Z',
        'revoke --all-issued-before now',
      )}\n\nA time is now, an ISO 8601 time, or seconds since 1970. It cannot be taken back: a later one replaces it.\nOne token: jwt-authorizer credentials revoke-token.`,
    )
    .action((options: Options) => {
      const { path, moment: given } = targetOf(options);
      const body = given === undefined ? undefined : { issuedBefore: given };
      return withConsumers(terminal, { options }, async ({ api, output }) => {
        const answer = await call(api, { method: 'PUT', path, ...(body && { body }) });
        output.message(`tokens issued before ${String(answer['issuedBefore'])} are revoked`);
        output.record(answer, undefined);
      });
    });
}

function targetOf({ consumer, issuedBefore, allIssuedBefore }: Options): {
  readonly path: string;
  readonly moment: number | undefined;
} {
  if ((consumer === undefined) === (allIssuedBefore === undefined))
    throw new WrongUsage('whose tokens? give --consumer USER-OR-APP, or --all-issued-before TIME');
  if (consumer !== undefined)
    return { path: pathTo('revocations', 'consumers', consumer), moment: issuedBefore };
  if (issuedBefore !== undefined) throw new WrongUsage('--issued-before goes with --consumer');
  return { path: '/revocations/all', moment: allIssuedBefore };
}
