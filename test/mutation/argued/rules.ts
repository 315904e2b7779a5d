import type { Rule } from '../arguments.ts';

const isEmptied = (replacement: string) => ['""', '``'].includes(replacement);
/** Right behind the call that makes an error, or behind the code that comes first there. */
const ERROR =
  /\b(?:OutOfTime|KeyUnavailable|StoreUnavailable|BadAnswer|EventMalformed|Error|fail|refuse)\(\s*(?:'[a-z_]+',\s*)?$/;
/** A code is one word. */
const isSentence = (original: string) => original.includes(' ');

export const RULES: readonly Rule[] = [
  {
    holds: ({ mutator, original, replacement, before }) =>
      mutator === 'StringLiteral' && isEmptied(replacement) && isSentence(original) && ERROR.test(before),
    why: 'prose: tests ask for the class or the code of an error, not for its words',
  },
  {
    holds: ({ original, replacement }) => original === "'utf8'" && isEmptied(replacement),
    why: 'UTF-8 is what Buffer reads and writes without a name too',
  },
];
