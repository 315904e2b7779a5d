import type { Command } from 'commander';
import { type ConsumerOptions, consumerCommand } from './place-options.ts';

/** A command on one credential. The original asks for its type, of which there is one here. */
export const credentialCommand = (name: string, description: string): Command =>
  consumerCommand(name, description).option('-t, --type <type>', 'type of the credential', 'jwt');

export type CredentialOptions = ConsumerOptions & { readonly type: string };
