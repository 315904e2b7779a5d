import { createPublicKey, type KeyObject } from 'node:crypto';
import { isRecord } from '../../../lambda/config/record.ts';
import type { Notes } from './finding.ts';
import type { ReadGatewayFile } from './key-file.ts';

/** What verifies a policy's tokens, as Express Gateway's jsonwebtoken takes it. */
export type ImportedKey =
  | { readonly kind: 'public'; readonly pem: string }
  /** Of HMAC, every byte, a line break at the end of a file included. */
  | { readonly kind: 'secret'; readonly bytes: Buffer };

/** How jsonwebtoken 8 tells a public key from a secret where no algorithms are listed. */
const PUBLIC = /BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)/;
const PRIVATE = /-BEGIN [A-Z0-9 ]*PRIVATE KEY/;

type Action = Readonly<Record<string, unknown>>;

/** Options that hold a key, or the path of one. The last is in Express Gateway's documentation, and not in its code. */
export const KEY_OPTIONS = ['secretOrPublicKey', 'secretOrPublicKeyFile', 'secretOrPrivateKeyFile'] as const;

/** @returns the key of a jwt action; undefined where there are problems, which are added to the notes. */
export function keyOf(
  action: Action,
  { at, notes, readFile }: { at: string; notes: Notes; readFile: ReadGatewayFile },
): ImportedKey | undefined {
  const given = KEY_OPTIONS.filter((option) => action[option] !== undefined && action[option] !== null);
  const [option] = given;
  if (option === undefined) {
    const message =
      'no key; Express Gateway does not start without secretOrPublicKey or secretOrPublicKeyFile in the action';
    notes.problem('key_source_missing', at, message);
    return undefined;
  }
  if (given.length > 1) {
    notes.problem('key_source_ambiguous', at, `got ${given.join(' and ')}; leave one of them`);
    return undefined;
  }
  if (option === 'secretOrPrivateKeyFile') {
    const message =
      'Express Gateway documents this spelling and does not know it; read as secretOrPublicKeyFile';
    notes.warn('key_option_misspelt', `${at}.${option}`, message);
  }
  const where = `${at}.${option}`;
  const bytes = bytesOf(action[option], {
    where,
    notes,
    readFile: option === 'secretOrPublicKey' ? undefined : readFile,
  });
  return bytes && classify(bytes, { where, notes, action });
}

function bytesOf(
  value: unknown,
  { where, notes, readFile }: { where: string; notes: Notes; readFile: ReadGatewayFile | undefined },
): Buffer | undefined {
  if (typeof value !== 'string') {
    const what =
      isRecord(value) || Array.isArray(value) ? 'no text' : 'no text but a number, a date or true or false';
    notes.problem(
      'secret_not_text',
      where,
      `this is ${what}; put it in quotes, and take care that it is what tokens are signed with`,
    );
    return undefined;
  }
  const bytes = readFile === undefined ? Buffer.from(value, 'utf8') : readFile(value, where, notes);
  if (bytes !== undefined && /^\s*(?:null|undefined)\s*$/.test(bytes.toString('utf8'))) {
    notes.problem(
      'secret_is_null',
      where,
      'this is the text null, which a missing variable becomes in Express Gateway; whoever knows that can sign tokens',
    );
    return undefined;
  }
  return bytes;
}

function classify(
  bytes: Buffer,
  { where, notes, action }: { where: string; notes: Notes; action: Action },
): ImportedKey | undefined {
  const text = bytes.toString('utf8');
  if (!PUBLIC.test(text) && !PRIVATE.test(text)) return { kind: 'secret', bytes };
  let key: KeyObject;
  try {
    // Of a private key, its public half: just what verifies in Express Gateway.
    key = createPublicKey(text);
  } catch {
    notes.problem(
      'key_invalid',
      where,
      'this PEM cannot be read as a key or certificate without a passphrase; give it as it was made, with its line breaks',
    );
    return undefined;
  }
  if (PRIVATE.test(text))
    notes.warn(
      'private_key_replaced',
      where,
      `a private key verifies nothing that its public half does not; the public key is written instead${hmacHint(text, action)}`,
    );
  return { kind: 'public', pem: key.export({ type: 'spki', format: 'pem' }).toString() };
}

function hmacHint(text: string, { algorithms }: Action): string {
  if (PUBLIC.test(text) || algorithms !== undefined) return '';
  return '. Without algorithms Express Gateway took the text of the private key for an HMAC secret; tokens that are signed so are denied here';
}
