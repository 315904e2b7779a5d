import { Argument, type Command } from 'commander';
import type { Json } from '../consumers/consumer-api.ts';
import { WrongUsage } from '../consumers/failure.ts';
import { type ConsumerOptions, consumerCommand } from './place-options.ts';

/** A command on one credential. The original asks for its type, of which there is one here. */
export const credentialCommand = (name: string, description: string): Command =>
  consumerCommand(name, description).option('-t, --type <type>', 'type of the credential', 'jwt');

export type CredentialOptions = ConsumerOptions & { readonly type: string };

/**
 * What stands for a credential that was made or rotated, with -q: as in Express Gateway `keyId:keySecret` where the secret was
 * generated, since nobody is told it again, else the keyId. A generated secret has no colon in it: it is what follows the last one.
 * @param given with what it was made.
 */
export const quietCredential = ({ keyId, keySecret }: Json, given: Json): string =>
  keySecret === undefined || given['keySecret'] !== undefined
    ? String(keyId)
    : `${String(keyId)}:${String(keySecret)}`;

/** 64 bytes as the Admin API makes them, behind something. */
const WITH_SECRET = /:[\w-]{86}$/;

/** The credential that a command is about. @throws WrongUsage for what -q gave with a secret in it; see keyIdOf. */
export const keyIdArgument = (): Argument => new Argument('<keyId>').argParser(keyIdOf);

/** Several of them. */
export const keyIdArguments = (): Argument =>
  new Argument('<keyId...>').argParser((text: string, previous: readonly string[] = []) => [
    ...previous,
    keyIdOf(text),
  ]);

/** @throws WrongUsage for a keyId with a secret behind it, which is not repeated: it would go on into messages and tokens. */
export function keyIdOf(text: string): string {
  if (!WITH_SECRET.test(text)) return text;
  throw new WrongUsage('there is a secret behind the last colon, as -q gives it; give what is before that');
}
