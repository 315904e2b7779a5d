import { Command, InvalidArgumentError } from 'commander';
import type { PlaceOptions } from '../attachment/place.ts';
import { DEFAULT_CONFIG } from '../consumers/open.ts';

export type AttachmentOptions = PlaceOptions & { readonly json?: boolean };

/** A command on an attachment: with the options that say where the API and its journal are. */
export const attachmentCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--rest-api-id <id>', 'the API (default: restApi.id of the configuration)', restApiId)
    .option(
      '--stack <name>',
      'the stack whose outputs name the journal, the function and its role (default: JwtAuthorizer, unless --journal-table is given)',
    )
    .option('--journal-table <name>', "the DynamoDB table of the journal, instead of a stack's")
    .option('--region <region>', "the AWS region (default: the SDK's own)")
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .option('--json', 'one JSON object on stdout, no messages');

/** The same for one that changes the API: it shows what it will do, and asks. */
export const changingCommand = (name: string, description: string): Command =>
  attachmentCommand(name, description)
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('-y, --yes', 'do not ask');

function restApiId(text: string): string {
  if (/^[a-z0-9]{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError("give a REST API's id, such as a1b2c3d4e5");
}
