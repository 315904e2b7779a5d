/** What is looked for: the bytes of secrets, private keys and signatures, each in the forms that text gives them. */
import { isUtf8 } from 'node:buffer';
import type { SecretNote } from './records.ts';
import type { SecretKind } from './watch/notes.mjs';

export interface Needle {
  readonly kind: SecretKind | 'payload';
  /** Bytes as latin1 characters, or a text with others as it is written. */
  readonly text: string;
}

/** Fewer bytes in a row may be chance. */
const FEWEST_BYTES = 15;
/** Fewer characters may be words that another text has too: tests’ secrets are sentences. */
const FEWEST_CHARACTERS = 24;
/** Fewer different ones are zeros, spaces, or `x` many times. */
const FEWEST_DIFFERENT = 6;

/** As much of a payload as tells it from others: it begins with a claim's name, as others do. */
export const PAYLOAD_START = 40;

/**
 * A secret as it stands, and what it stands for where it is itself base64; a token's signature as bytes and as it
 * is written; the place where a token's header and payload meet, so that one whose signature is left out is found.
 * What is encoded is decoded by who looks (views.ts), so that no form needs a needle of its own.
 */
export function needlesOf({ kind, hex, input }: SecretNote): Needle[] {
  const bytes = Buffer.from(hex, 'hex');
  // As bytes, which encodings are decoded to, and as it is written.
  const texts = [bytes.toString('latin1'), ...(isUtf8(bytes) ? [bytes.toString('utf8')] : [])];
  if (kind === 'signature') texts.push(bytes.toString('base64url'), ...meetingOf(input));
  // A public key, an address or no text at all that is taken for a secret (hostile tests do) is none.
  else if (/PUBLIC KEY|CERTIFICATE|"kty"|^arn:|^\[object Object\]$/.test(texts[0] ?? '')) return [];
  return texts
    .filter((text) => text.length >= FEWEST_BYTES && isDistinct(text))
    .map((text) => ({ kind, text }));
}

const meetingOf = (input = ''): string[] => {
  const [header = '', payload = ''] = input.split('.');
  return payload === '' ? [] : [`${header.slice(-12)}.${payload.slice(0, 12)}`];
};

/** The beginning of a token's payload; undefined for one that is too short to tell. */
export function payloadStart({ input = '' }: SecretNote): string | undefined {
  const payload = input.split('.')[1] ?? '';
  return payload.length < PAYLOAD_START ? undefined : payload.slice(0, PAYLOAD_START);
}

/** Words, in whatever characters and lines: random bytes are none but by chance. */
function isWords(text: string): boolean {
  const bytes = Buffer.from(text, 'latin1');
  const isWritten = /[^\0-\xff]/.test(text);
  return (
    (isWritten || isUtf8(bytes)) && !/(?![\t\n\r])\p{Cc}/u.test(isWritten ? text : bytes.toString('utf8'))
  );
}

/** How much of a needle in a row is a leak. */
export const shortestMatch = ({ text }: Needle): number =>
  Math.min(text.length, isWords(text) ? FEWEST_CHARACTERS : FEWEST_BYTES);

/** Whether it can be told from filling. */
export const isDistinct = (text: string): boolean => new Set(text).size >= FEWEST_DIFFERENT;
