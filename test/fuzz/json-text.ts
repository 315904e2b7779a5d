/** JSON as text: values of all kinds, spelled in all ways, right and wrong. */
import type { Random } from './random.ts';

/** A member as it will be written. */
export interface Member {
  readonly name: string;
  /** The value's text. */
  readonly text: string;
}

const SCALARS = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '1e3', '1E-7', '0.1', '1e308', '1e309', '-1e999'],
  ...['9007199254740993', `${'9'.repeat(40)}`, '1.0', '2.50', '""', '" "', '"a"', '"\\u0000"', '"a\\nb"'],
  ...['"\\ud800"', '"\\ud83d\\ude00"', '"\u{1f600}"', '"\u007f"', '"\u2028"', '"é"', '"\\/"', '"\ufffd"'],
  ...['"__proto__"', '"constructor"', '"[]"', '"*"', '"a b"', '"orders:read"', '"https://id.example.com/"'],
];
const NAMES = [
  ...[
    'a',
    'b',
    'x',
    'role',
    'tenant',
    'scope',
    'scp',
    'email',
    'principalId',
    'consumerId',
    'claimsJson',
    'code',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'then',
    'toJSON',
    'length',
    '0',
    '',
  ],
  ...[
    'Authenticated',
    'anonymous',
    'username',
    'iss ',
    'ISS',
    'sub\u0000',
    'a"b',
    'a\\b',
    '\ud800',
    'é',
    'kind',
  ],
  ...['https://x.example/claim', 'x'.repeat(64), 'y'.repeat(65)],
];

export const anyName = (random: Random): string => random.pick(NAMES);

export const anyScalarText = (random: Random): string => random.pick(SCALARS);

/** The text of some value, mostly small. It may have a member twice. */
export function anyValueText(random: Random, depth = 0): string {
  const kind = depth > 3 ? 0 : random.below(8);
  if (kind < 6) return anyScalarText(random);
  const inner = Array.from({ length: random.below(4) }, () => anyValueText(random, depth + 1));
  if (kind === 6) return `[${inner.join(',')}]`;
  return objectText(inner.map((text) => ({ name: anyName(random), text })));
}

export const memberText = ({ name, text }: Member): string => `${JSON.stringify(name)}:${text}`;
export const objectText = (members: readonly Member[]): string => `{${members.map(memberText).join(',')}}`;

/** As deep as it says, itself included. */
export function nestedText(depth: number, random: Random): string {
  const asList = random.oneIn(2);
  const [open, close] = asList ? ['[', ']'] : ['{"n":', '}'];
  return `${open.repeat(depth)}${asList ? '' : '0'}${close.repeat(depth)}`;
}

const LITERAL = /"(?:[^"\\]|\\.)*"/g;

/** Some letters of some strings, names too, as escapes: the same value for every reader. */
export function withEscapes(json: string, random: Random): string {
  return json.replace(LITERAL, (literal) => {
    if (!random.oneIn(3)) return literal;
    return literal.replace(/\\.|[A-Za-z0-9/:-]/g, (unit) => {
      if (unit.length > 1 || !random.oneIn(3)) return unit;
      const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${random.oneIn(2) ? hex : hex.toUpperCase()}`;
    });
  });
}

/** White space where JSON has it. */
export function withSpace(json: string, random: Random): string {
  const space = () => random.pick(['', ' ', '\n', '\t', '\r\n', '    ']);
  const outside = (part: string) => part.replace(/[{}[\],:]/g, (mark) => `${space()}${mark}${space()}`);
  let spaced = '';
  let end = 0;
  for (const { 0: literal, index } of json.matchAll(LITERAL)) {
    spaced += outside(json.slice(end, index)) + literal;
    end = index + literal.length;
  }
  return spaced + outside(json.slice(end));
}

/** No JSON, or JSON that is no object; a few come to an object all the same. */
export function broken(json: string, random: Random): string {
  const at = random.below(json.length + 1);
  const [before, after] = [json.slice(0, at), json.slice(at)];
  switch (random.below(16)) {
    case 0:
      return before;
    case 1:
      return after;
    case 2:
      return `${before}${random.pick([',', '"', '{', '}', ':', '\\', '[', ']', '\0', ' ', '0', 'e', '-'])}${after}`;
    case 3:
      return `${before}${after.slice(1)}`;
    case 4:
      return `[${json}]`;
    case 5:
      return `${json}${random.pick([json, 'x', '\n', ' ', '\0', ',', '//', 'null'])}`;
    case 6:
      return `${random.pick(['\ufeff', ' ', '\0', '/**/', '\u00a0', ')]}'])}${json}`;
    case 7:
      return json.replace('}', ',}');
    case 8:
      return json.replaceAll('"', "'");
    case 9:
      return random.pick(['null', 'true', '0', '""', '[]', '{}', '"{}"', '', ' ', '{', '[{}]', '{}{}']);
    case 10:
      return json.replace(
        /:("[^"]*"|\d+)/,
        `:${random.pick(['NaN', 'Infinity', 'undefined', '01', '.5', '5.', '+1', '0x1', '1n'])}`,
      );
    case 11:
      return nestedText(random.pick([31, 32, 33, 34, 500, 2500]), random);
    case 12:
      return json.replace(/"(\w)/, '"\\$1');
    case 13:
      return json.replace(/"(\w+)"/, '"$1\n"');
    case 14:
      return JSON.stringify(json);
    default:
      return `${before}${random.pick(['é', '\u2028', '\ufffd', '\u{1f600}', '\u202e', 'ſ'])}${after}`;
  }
}

const NO_UTF8 = [
  'c0af',
  'c0a2',
  'eda080',
  'eda0bdedb880',
  'ff',
  'e9',
  'e282',
  'f4908080',
  '80',
  'c1bf',
  'efbfbf',
];

/** Bytes in the midst of a text that are no UTF-8 (the last of them are). */
export function withBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(NO_UTF8), 'hex'), bytes.subarray(at)]);
}
