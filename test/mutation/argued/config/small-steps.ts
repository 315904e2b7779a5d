/** The small ones: selectors, types of tokens, levels of YAML. */
import { inFile } from '../in-file.ts';
import { PROSE } from '../reasons.ts';

const NO_PATH = 'prose: what has no path has no method either, and is told so with other words';

const FOR_EDITORS =
  'prose: in the schema for editors, which has no messages; what is read has its own schema, and its words';

export const SMALL_STEPS = [
  ...inFile('config/selector', [
    { on: 'SHAPE.exec(text)?.groups', original: "''", why: NO_PATH },
    { on: "if (path === '')", why: NO_PATH },
    { original: "', '", why: PROSE },
    { on: 'const VERBS =', why: PROSE },
  ]),
  ...inFile('config/schema', [
    { original: "', '", mutator: 'StringLiteral', why: PROSE },
    {
      original: "'a time such as 2026-11-22T00:00:00.000Z'",
      why: 'prose: what is told is what a snapshot is, of which this is a part',
    },
    {
      original: "'a string, a number or a boolean'",
      why: 'prose: what is told is what required claims are, of which this is a part',
    },
    ...[
      "'true, false, or driftCheck settings'",
      "'a list of rules'",
      "'true, or cors settings with allowOrigins'",
      "'true, or adminApi settings with allowedPrincipals'",
      "'a mapping of names to plans'",
    ].map((original) => ({ original, why: FOR_EDITORS })),
  ]),
  ...inFile('config/keyed-properties', [{ original: "', '", why: PROSE }]),
  ...inFile('config/token-type', [
    { original: '/[A-Z]+/g', replacement: '/[A-Z]/g', why: 'the same: one letter at a time, or several' },
  ]),
  ...inFile('config/yaml-levels', [
    { original: 'level.length > 0', on: 'for (', why: 'only faster: in no tokens there are none' },
  ]),
];
