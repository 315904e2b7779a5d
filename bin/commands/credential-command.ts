import type { Command } from 'commander';
import type { Json } from '../consumers/consumer-api.ts';
import { type ConsumerOptions, consumerCommand } from './place-options.ts';

/** A command on one credential. The original asks for its type, of which there is one here. */
export const credentialCommand = (name: string, description: string): Command =>
  consumerCommand(name, description).option('-t, --type <type>', 'type of the credential', 'jwt');

export type CredentialOptions = ConsumerOptions & { readonly type: string };

/**
 * What stands for a credential that was made or rotated, with -q: as in Express Gateway `keyId:keySecret`, since nobody is told the
 * secret again; the keyId alone where there is none. A generated secret has no colon in it: it is what follows the last one.
 */
export const quietCredential = ({ keyId, keySecret }: Json): string =>
  keySecret === undefined ? String(keyId) : `${String(keyId)}:${String(keySecret)}`;
