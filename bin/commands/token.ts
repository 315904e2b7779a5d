import { Command } from 'commander';
import { examples } from './place-options.ts';
import type { Terminal } from './terminal.ts';
import { createTokenCommand } from './token-create.ts';
import { inspectTokenCommand } from './token-inspect.ts';

/** `jwt-authorizer token`: tokens to try things with. */
export function tokenCommand(terminal: Terminal): Command {
  return new Command('token')
    .description('Tokens: make one to test with, or look into one')
    .addCommand(createTokenCommand(terminal))
    .addCommand(inspectTokenCommand(terminal))
    .addHelpText(
      'after',
      examples('token create ann-1', 'token create ann-1 | jwt-authorizer token inspect'),
    );
}
