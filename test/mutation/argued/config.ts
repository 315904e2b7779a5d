import type { Argument } from '../arguments.ts';

const FASTER = 'only faster: what is left out is found out further down too';
const TYPE =
  'the compiler wants it said: a list of policies has one, and a group of an expression that fits is there';
const PROSE = 'prose: tests ask for the code and the place of a problem, not for its words';

export const CONFIG: readonly Argument[] = [
  {
    ...{ file: 'lambda/config/keying.ts', original: 'place === undefined', replacement: 'false', why: TYPE },
  },
  { file: 'lambda/config/keying.ts', on: "inside.join(', ')", mutator: 'StringLiteral', why: PROSE },
  {
    ...{ file: 'lambda/config/keying.ts', original: 'keying.cacheSeconds > 0' },
    why: 'what is not cached has no identity sources, and what is has some: these differ already',
  },
  {
    ...{ file: 'lambda/config/keying.ts', original: 'name.toLowerCase()', replacement: 'name.toUpperCase()' },
    why: 'either case is one case',
  },
  { file: 'lambda/config/route-template.ts', original: "''", on: "greedy[1] ?? ''", why: TYPE },
  { file: 'lambda/config/route-template.ts', original: "''", on: "param[1] ?? ''", why: TYPE },
  { file: 'lambda/config/route-template.ts', on: "if (text === '*')", mutator: 'StringLiteral', why: PROSE },
  { file: 'lambda/config/route-template.ts', on: "if (text.startsWith(':'))", why: PROSE },
  {
    file: 'lambda/config/route-template.ts',
    on: 'is neither a plain segment',
    mutator: 'StringLiteral',
    why: PROSE,
  },
  {
    ...{ file: 'lambda/config/route-template.ts', on: "if (text === '')" },
    why: 'prose: no empty text is a plain segment, which is asked further down and told with other words',
  },
  { file: 'lambda/config/route-template.ts', on: 'if (wanted !== text.toLowerCase()', why: FASTER },
  {
    ...{ file: 'lambda/config/route-template.ts', original: '/;.*$/s', replacement: '/;.*/s' },
    why: 'the same: it takes all there is',
  },
  {
    ...{ file: 'lambda/config/routes.ts', original: '[]', mutator: 'ArrayDeclaration' },
    why: 'beside a problem, what is returned is not used',
  },
  { file: 'lambda/config/routes.ts', on: "HTTP_METHODS.join(', ')", why: PROSE },
];
