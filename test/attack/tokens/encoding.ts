/** One token, one spelling: base64url without padding, white space or anything else (RFC 7515 §2). */
import { base64url } from '../../support/tokens.ts';
import { honestToken } from '../doors.ts';
import { CLAIMS_TEXT, forge, macOver, partsOf } from '../forge.ts';
import type { Theme, TokenAttack } from '../model.ts';

const CITES = ['RFC 7515 §2', 'RFC 7515 §5.2', 'RFC 7515 §7.1'] as const;
const STRAY_BITS = 'RFC 4648 §3.5: a reader may take stray bits at the end';

/** A token whose every part has both of the letters that are others in base64. */
function dashed(): string {
  for (let i = 0; ; i++) {
    const filler = { x: `~~~???${i}` };
    const token = forge('HS256', { header: filler, payload: filler });
    if (partsOf(token).every((part) => /-/.test(part) && /_/.test(part))) return token;
  }
}

const plainLetters = (part: string) => part.replaceAll('-', '+').replaceAll('_', '/');
type Part = 0 | 1 | 2;
const PARTS = { header: 0, payload: 1, signature: 2 } as const;

/** The honest token with one part spelled in another way, which lenient readers read alike. */
const respelled = (id: string, respell: (part: string) => string, base = honest): TokenAttack[] =>
  Object.entries(PARTS).map(([name, index]) => ({
    id: `encoding/${id} in the ${name}`,
    row: `${id}, in any part of an honest token`,
    cites: CITES,
    doors: ['HS256'],
    token: () =>
      base()
        .split('.')
        .map((part, i) => (i === index ? respell(part) : part))
        .join('.'),
    expected: 'token_malformed',
  }));

const honest = () => honestToken('HS256') ?? '';
const inTheMiddle = (text: string) => (part: string) => `${part.slice(0, 9)}${text}${part.slice(9)}`;
const atTheEnd = (text: string) => (part: string) => `${part}${text}`;

/** A part that its issuer spelled so and signed so: only the way of reading is at stake. */
const signedSo = (
  id: string,
  index: Part,
  respell: (part: string) => string,
  mayPass?: string,
): TokenAttack => ({
  id: `encoding/${id}, and signed so`,
  row: `${id}, signed so by the issuer`,
  cites: CITES,
  doors: ['HS256'],
  token: () => {
    const [header, payload] = partsOf(honest());
    return macOver(index === 0 ? respell(header) : header, index === 1 ? respell(payload) : payload);
  },
  expected: 'token_malformed',
  ...(mayPass !== undefined && { mayPass }),
});

/** The last letter with one of the bits turned that no byte has. */
function withStrayBit(part: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  if (part.length % 4 === 0) throw new Error('such a part has no stray bits');
  return part.slice(0, -1) + letters[letters.indexOf(part.at(-1) ?? '') ^ 1];
}

/** A payload, or a header, whose encoding has stray bits. */
const uneven = (text: string) => (Buffer.byteLength(text) % 3 === 0 ? text.replace('{', '{ ') : text);

export const encoding: Theme = {
  title: 'Spellings of base64url',
  attacks: [
    ...respelled('padding', (part) => part + '='.repeat((4 - (part.length % 4)) % 4 || 1)),
    ...respelled('too much padding', atTheEnd('====')),
    ...respelled('padding in the middle', inTheMiddle('=')),
    ...respelled('+ and / for - and _', plainLetters, dashed),
    ...respelled('a space', inTheMiddle(' ')),
    ...respelled('a tab', inTheMiddle('\t')),
    ...respelled('a line break', inTheMiddle('\n')),
    ...respelled('CR and LF', inTheMiddle('\r\n')),
    ...respelled('a line break at the end', atTheEnd('\n')),
    ...respelled('a zero byte', inTheMiddle('\0')),
    ...respelled('a no-break space', inTheMiddle('\u00a0')),
    ...respelled('a zero-width space', inTheMiddle('\u200b')),
    ...respelled('a byte order mark', (part) => `\ufeff${part}`),
    ...respelled('a soft hyphen', inTheMiddle('\u00ad')),
    ...respelled('a letter of another width', (part) => part.replace(/[A-Z]/, widened)),
    ...respelled('a percent escape', (part) => part.replace(/[A-Z]/, escaped)),
    ...respelled('other characters', inTheMiddle('!*')),
    ...respelled('a comment', inTheMiddle('<!---->')),
    ...respelled('one letter more', (part) => part + 'A'.repeat((5 - (part.length % 4)) % 4 || 4)),
    {
      id: 'encoding/stray bits in the signature',
      cites: ['RFC 4648 §3.5', 'RFC 7515 §2'],
      doors: ['HS256'],
      token: () => {
        const [header, payload, signature] = partsOf(honest());
        return `${header}.${payload}.${withStrayBit(signature)}`;
      },
      expected: 'token_malformed',
      mayPass: STRAY_BITS,
    },
    {
      ...signedSo('stray bits in the payload', 1, (part) => part, STRAY_BITS),
      token: () => macOver(partsOf(honest())[0], withStrayBit(base64url(uneven(CLAIMS_TEXT)))),
    },
    {
      ...signedSo('stray bits in the header', 0, (part) => part, STRAY_BITS),
      token: () =>
        macOver(withStrayBit(base64url(uneven('{"alg":"HS256","kid":"one"}'))), partsOf(honest())[1]),
    },
    signedSo('padding in the payload', 1, (part) => `${part}${'='.repeat((4 - (part.length % 4)) % 4 || 4)}`),
    signedSo('padding in the header', 0, (part) => `${part}${'='.repeat((4 - (part.length % 4)) % 4 || 4)}`),
    signedSo('a line break in the payload', 1, inTheMiddle('\n')),
    signedSo('other characters in the payload', 1, inTheMiddle('!')),
    signedSo('other characters in the header', 0, inTheMiddle('!')),
    {
      ...signedSo('+ and / in the payload', 1, plainLetters),
      token: () => {
        const [header, payload] = partsOf(dashed());
        return macOver(header, plainLetters(payload));
      },
    },
    {
      ...signedSo('the payload as it is, not in base64url', 1, () => CLAIMS_TEXT.replaceAll('.', '\\u002e')),
      cites: ['RFC 7797 §7', 'RFC 7515 §7.1'],
    },
    {
      ...signedSo('the payload in base64url twice', 1, (part) => base64url(part)),
      cites: ['RFC 7519 §7.2'],
    },
  ],
};

function widened(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 0xfee0);
}

function escaped(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}
