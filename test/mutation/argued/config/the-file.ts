/** The file as a whole: how it is read, and what its parts make of each other. */
import { inFile } from '../in-file.ts';
import { MISSING, PROSE, TYPE, UNUSED } from '../reasons.ts';

const AROUND_THE_TERMS = 'prose: tests ask for the terms of the bound, not for the words around them';

export const THE_FILE = [
  ...inFile('config/cross-checks', [
    { on: "swallowed.join(', ')", mutator: 'StringLiteral', why: PROSE },
    {
      original: "''",
      on: ".join('')",
      why: 'shapes are only compared with each other, and each piece begins with the one slash that it has',
    },
  ]),
  ...inFile('config/load', [
    { on: "'code' in error ?", replacement: 'true', why: TYPE },
    { on: "'code' in error ?", mutator: 'LogicalOperator', why: TYPE },
    { on: "'code' in error ?", mutator: 'StringLiteral', why: PROSE },
    { on: 'const TOO_DEEP', mutator: 'StringLiteral', why: PROSE },
    { on: 'an alias without its anchor', mutator: 'StringLiteral', why: PROSE },
    { on: 'or an alias within its own anchor', mutator: 'StringLiteral', why: PROSE },
    { original: "''", on: "before.length - 1] ?? ''", why: TYPE },
    { on: "if (code === 'TAB_AS_INDENT')", why: PROSE },
    { original: "''", on: 'put quotes around what holds { }', why: PROSE },
  ]),
  ...inFile('config/parse', [
    {
      on: 'if (jwt === undefined || jwt === null)',
      why: 'prose: nothing is no policy either, which is told further down in the same place with other words',
    },
    { original: '[]', on: 'return [];', why: UNUSED },
  ]),
  ...inFile('config/revocation-bound', [
    { on: 'what is taken away still counts', mutator: 'StringLiteral', why: AROUND_THE_TERMS },
    { on: 'export const DELIVERY_ON_AWS', mutator: 'StringLiteral', why: AROUND_THE_TERMS },
  ]),
  ...inFile('config/settings', [
    { original: "'@'", mutator: 'StringLiteral', why: PROSE },
    { original: 'upstream !== undefined', replacement: 'true', why: MISSING },
    { original: 'cors !== undefined', replacement: 'true', why: MISSING },
    { original: 'raw.maxAgeSeconds !== undefined', replacement: 'true', why: MISSING },
  ]),
  ...inFile('config/validate', [
    { on: 'if (Array.isArray(value))', replacement: 'false', why: PROSE },
    { on: 'if (issue.input === undefined)', why: PROSE },
  ]),
];
