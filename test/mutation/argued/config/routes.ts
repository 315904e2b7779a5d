/** Routes, and how authorizers are keyed by them. */
import { inFile } from '../in-file.ts';
import { FASTER, PROSE, TYPE, UNUSED } from '../reasons.ts';

export const ROUTES = [
  ...inFile('config/keying', [
    { original: 'place === undefined', replacement: 'false', why: TYPE },
    { on: "inside.join(', ')", mutator: 'StringLiteral', why: PROSE },
    {
      original: 'keying.cacheSeconds > 0',
      why: 'what is not cached has no identity sources, and what is has some: these differ already',
    },
    { original: 'name.toLowerCase()', replacement: 'name.toUpperCase()', why: 'either case is one case' },
  ]),
  ...inFile('config/route-template', [
    { original: "''", on: "greedy[1] ?? ''", why: TYPE },
    { original: "''", on: "param[1] ?? ''", why: TYPE },
    { on: "if (text === '*')", mutator: 'StringLiteral', why: PROSE },
    { on: "if (text.startsWith(':'))", why: PROSE },
    { on: 'is neither a plain segment', mutator: 'StringLiteral', why: PROSE },
    {
      on: "if (text === '')",
      why: 'prose: no empty text is a plain segment, which is asked further down and told with other words',
    },
    { on: 'if (wanted !== text.toLowerCase()', why: FASTER },
    { original: '/;.*$/s', replacement: '/;.*/s', why: 'the same: it takes all there is' },
  ]),
  ...inFile('config/routes', [
    {
      original: '[]',
      mutator: 'ArrayDeclaration',
      why: UNUSED,
    },
    { on: "HTTP_METHODS.join(', ')", why: PROSE },
  ]),
];
