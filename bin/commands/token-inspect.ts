import { Command } from 'commander';
import { CommandFailure } from '../consumers/failure.ts';
import { examples } from './place-options.ts';
import { jsonText, type Terminal } from './terminal.ts';
import { readToken } from './token-argument.ts';
import { describeToken } from './token-description.ts';

/** `token inspect`: what a token says of itself. Needs no secret, and verifies nothing. */
export function inspectTokenCommand(terminal: Terminal): Command {
  return new Command('inspect')
    .description('Show what a token says; nothing is verified')
    .argument('[token]', 'the token, or - to read it', '-')
    .option('--json', 'compact JSON, no messages')
    .addHelpText(
      'after',
      examples('token inspect eyJhbGciOi…', 'token create ann-1 | jwt-authorizer token inspect'),
    )
    .action(async (given: string, { json = false }: { json?: boolean }) => {
      const token = await readToken(terminal, given);
      const description = describeToken(token, Date.now());
      if (!json) terminal.err('nothing was verified: anyone can write such a token\n');
      terminal.out(`${jsonText({ verified: false, ...description }, json ? 0 : 2)}\n`);
      if (description.claims === undefined) {
        throw new CommandFailure(`this is no token: ${description.problems.join('; ')}`);
      }
    });
}
