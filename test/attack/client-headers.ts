/** Headers of a client's that are named as those that only we may send to the upstream, however they are spelled. */
import type { Citation } from './model.ts';

export interface HeaderAttack {
  readonly id: string;
  readonly cites: readonly Citation[];
  /** What stands in the request's head beside the rest, as it goes over the wire. @param name one of ours. */
  readonly lines: (name: string) => readonly string[];
  /** After the head. @default nothing */
  readonly body?: (name: string) => string;
  /** `refused`: it is no HTTP/1.1 that has one reading, and goes nowhere. `ours`: the upstream hears us alone. */
  readonly expected: 'refused' | 'ours';
}

/** In what a client sends; nothing of it may arrive. */
export const FORGED = 'forged';

const NAME = ['RFC 9110 §5.1', 'RFC 8725 §2.9'] as const;
const FOLDED = ['RFC 3875 §4.1.18', ...NAME] as const;
const LIST = ['RFC 9110 §5.3', ...NAME] as const;
const HOP = ['RFC 9110 §7.6.1'] as const;
const LINES = ['RFC 9112 §5', 'RFC 9110 §5.5'] as const;

const of = (
  id: string,
  cites: readonly Citation[],
  lines: HeaderAttack['lines'],
  expected: HeaderAttack['expected'] = 'ours',
): HeaderAttack => ({ ...{ id: `client-headers/${id}`, cites, lines, expected } });

const value = (name: string): string => `${name}: ${FORGED}`;
const capitalised = (name: string) => name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
const alternating = (name: string) =>
  [...name].map((letter, i) => (i % 2 === 0 ? letter.toUpperCase() : letter)).join('');

const SPELLINGS: Readonly<Record<string, (name: string) => string>> = {
  'as it is': (name) => name,
  'in capitals': (name) => name.toUpperCase(),
  capitalised,
  'in alternating case': alternating,
};

/** CGI's variables have one character for all that is no letter and no digit: every one that a name may have is tried. */
const FOLDS: Readonly<Record<string, (name: string) => string>> = {
  'with underscores': (name) => name.replaceAll('-', '_'),
  'with underscores, in capitals': (name) => name.replaceAll('-', '_').toUpperCase(),
  'with the first dash an underscore': (name) => name.replace('-', '_'),
  'with the last dash an underscore': (name) => name.replace(/-(?=[^-]*$)/, '_'),
  ...Object.fromEntries(
    [..."!#$%&'*+.^`|~"].map((letter) => [
      `with ${letter} for dashes`,
      (name) => name.replaceAll('-', letter),
    ]),
  ),
};

const BROKEN: readonly (readonly [id: string, cites: readonly Citation[], lines: HeaderAttack['lines']])[] = [
  ['a space before the colon', ['RFC 9112 §5.1'], (name) => [`${name} : ${FORGED}`]],
  ['a tab before the colon', ['RFC 9112 §5.1'], (name) => [`${name}\t: ${FORGED}`]],
  ['a space before the name, in the first line', ['RFC 9112 §2.2'], (name) => [` ${value(name)}`]],
  ['a zero byte in the name', ['RFC 9110 §5.1', ...LINES], (name) => [`${name}\0: ${FORGED}`]],
  ['a zero byte in the value', LINES, (name) => [`${name}: a\0${FORGED}`]],
  ['a zero byte before it, in a value', LINES, (name) => [`x: a\0${value(name)}`]],
  ['a lone CR before it, in a value', ['RFC 9112 §2.2', ...LINES], (name) => [`x: a\r${value(name)}`]],
  [
    'a letter that is none of ASCII',
    ['RFC 9110 §5.1'],
    (name) => [`${name.replace('u', '\u00fc')}\u00e9: ${FORGED}`],
  ],
  ['no colon', LINES, (name) => [name]],
];

const CONNECTIONS: Readonly<Record<string, (name: string) => string>> = {
  'by name': (name) => name,
  'in capitals': (name) => name.toUpperCase(),
  'with underscores': (name) => name.replaceAll('-', '_'),
  'beside close': (name) => `close, ${name}`,
  'twice, with spaces': (name) => ` ${name} , ${name} `,
  'in an empty list': (name) => `,,${name},`,
  'in quotes': (name) => `"${name}"`,
};

const chunked = (trailer: string) => `1\r\nx\r\n0\r\n${trailer}\r\n\r\n`;

export const clientHeaders: readonly HeaderAttack[] = [
  ...Object.entries({ ...SPELLINGS }).map(([how, spell]) => of(how, NAME, (name) => [value(spell(name))])),
  ...Object.entries(FOLDS).map(([how, spell]) => of(how, FOLDED, (name) => [value(spell(name))])),
  of('twice', LIST, (name) => [value(name), value(name)]),
  of('in two spellings', FOLDED, (name) => [value(name.toUpperCase()), value(name.replaceAll('-', '_'))]),
  of('a hundred times', LIST, (name) => Array.from({ length: 100 }, () => value(name))),
  of('a list of values', LIST, (name) => [`${name}: a, ${FORGED}, "${FORGED}"`]),
  of('empty, then not', LIST, (name) => [`${name}:`, value(name)]),
  of('spaces and tabs around its value', LINES, (name) => [`${name}: \t ${FORGED} \t `]),
  of('without a space after the colon', LINES, (name) => [`${name}:${FORGED}`]),
  of('a value of 4 kB', LINES, (name) => [`${name}: ${'x'.repeat(4_000)}${FORGED}`]),
  of('bytes beyond ASCII in its value', LINES, (name) => [`${name}: \u00e9\u00ff${FORGED}`]),
  of('all of them in the value of another', LINES, (name) => [`x-authorizer-other: a; ${name}=b`]),
  ...BROKEN.map(([id, cites, lines]) => of(id, cites, lines, 'refused')),
  of('a line that goes on in the next', ['RFC 9112 §5.2'], (name) => ['x: a', ` ${value(name)}`], 'refused'),
  of(
    'a value that begins in the next line',
    ['RFC 9112 §5.2'],
    (name) => [`${name}:`, ` ${FORGED}`],
    'refused',
  ),
  of(
    'a lone LF before it, in a value',
    ['RFC 9112 §2.2', ...LINES],
    (name) => [`x: a\n${value(name)}`],
    'refused',
  ),

  ...Object.entries(CONNECTIONS).map(([how, list]) =>
    of(`hop by hop, ${how}`, HOP, (name) => [`Connection: ${list(name)}`]),
  ),
  of('hop by hop and there', HOP, (name) => [value(name), `Connection: ${name}`]),
  of('hop by hop in two headers', HOP, (name) => ['Connection: close', `connection: ${name}`]),
  of('hop by hop of a proxy', HOP, (name) => [
    `Proxy-Connection: ${name}`,
    `Keep-Alive: ${name}`,
    `TE: ${name}`,
  ]),

  {
    ...of('in the trailers', ['RFC 9110 §6.5.1', 'RFC 9112 §7.1.2'], () => ['Transfer-Encoding: chunked']),
    body: (name) => chunked(value(name)),
  },
  {
    ...of('in the trailers, announced', ['RFC 9110 §6.6.2', 'RFC 9112 §7.1.2'], (name) => [
      ...['Transfer-Encoding: chunked', `Trailer: ${name}`],
    ]),
    body: (name) => chunked(value(name)),
  },
  {
    ...of('in a request within the body', ['RFC 9112 §6.3'], () => ['Content-Length: 5']),
    body: (name) => `12345GET /smuggled HTTP/1.1\r\nHost: x\r\n${value(name)}\r\n\r\n`,
  },
  {
    ...of(
      'in a request within the body, two lengths',
      ['RFC 9112 §6.1', 'RFC 9112 §6.3'],
      () => ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      'refused',
    ),
    body: (name) => `0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n${value(name)}\r\n\r\n`,
  },
  {
    ...of(
      'in a request within the body, another coding',
      ['RFC 9112 §6.1'],
      () => ['Transfer-Encoding: xchunked'],
      'refused',
    ),
    body: (name) => chunked(value(name)),
  },
];

/** Names that are near ours, and a client's own affair: they pass as they are. */
export const NEAR_OURS = [
  ...['x-authorizer', 'x-authorizer-', 'x-authorizer-usernames', 'x-authorizer-user', 'authorizer-username'],
  ...['y-authorizer-username', 'x--authorizer--username', 'xauthorizerusername'],
];
