import { Command } from 'commander';
import { importExpressGatewayCommand } from './import-express-gateway.ts';
import { importGatewayConfigCommand } from './import-gateway-config.ts';
import { examples } from './place-options.ts';
import type { Terminal } from './terminal.ts';

/** `jwt-authorizer import`: what Express Gateway has. */
export function importCommand(terminal: Terminal): Command {
  return new Command('import')
    .description('Import from Express Gateway')
    .addCommand(importGatewayConfigCommand(terminal))
    .addCommand(importExpressGatewayCommand(terminal))
    .addHelpText(
      'after',
      examples(
        'import gateway-config gateway.config.yml --dry-run',
        'import express-gateway --admin-url http://127.0.0.1:9876 --dry-run',
      ),
    );
}
