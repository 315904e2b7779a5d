import { Command } from 'commander';
import { importExpressGatewayCommand } from './import-express-gateway.ts';
import { examples } from './place-options.ts';
import type { Terminal } from './terminal.ts';

/** `jwt-authorizer import`: what Express Gateway has. */
export function importCommand(terminal: Terminal): Command {
  return new Command('import')
    .description('Import from Express Gateway')
    .addCommand(importExpressGatewayCommand(terminal))
    .addHelpText('after', examples('import express-gateway --admin-url http://127.0.0.1:9876 --dry-run'));
}
