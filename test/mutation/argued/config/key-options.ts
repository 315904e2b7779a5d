/** A policy's options, and its own key. */
import { inFile } from '../in-file.ts';
import { MISSING, PROSE, TYPE } from '../reasons.ts';

const FILTER = 'only slower: what more gets through is given to node:crypto, which decides';

export const KEY_OPTIONS = [
  ...inFile('config/inline-key', [
    { original: "''", on: "raw.secretOrPublicKey ?? ''", why: TYPE },
    { original: "''", on: "raw.secretOrPublicKeyBase64 ?? ''", why: TYPE },
    { original: "''", on: "raw.secretOrPublicKeyFile ?? ''", why: TYPE },
    {
      original: 'readKeyFile === undefined',
      replacement: 'false',
      why: 'prose: what is not there cannot be called, which is told as a file that cannot be read',
    },
    { on: 'const reason =', why: PROSE },
    { on: 'const type =', why: PROSE },
    { on: "foreign.join(', ')", mutator: 'StringLiteral', why: PROSE },
    { on: 'const need =', why: PROSE },
  ]),
  ...inFile('config/key-material', [
    {
      ...{ on: '/^(?:RSA )?PUBLIC KEY$', mutator: 'Regex' },
      ...{ replacement: '/(?:RSA )?PUBLIC KEY$|^(?:X509 )?CERTIFICATE$/' },
      why: 'what ends so is one of several keys, which are refused before, or cannot be read',
    },
    { original: "''", on: 'const labels =', why: TYPE },
    {
      original: 'namedCurve !== undefined',
      replacement: 'true',
      why: 'the compiler wants it said: undefined is the name of no curve',
    },
    { original: 'namedCurve ?? key.asymmetricKeyType', why: PROSE },
    {
      original: "''",
      on: 'const curve =',
      why: 'what Stryker puts in is the name of no curve either',
    },
    {
      on: 'const curve =',
      mutator: 'OptionalChaining',
      why: 'the compiler wants it said: a key that is no secret has details',
    },
  ]),
  ...inFile('config/key-source', [{ original: "' and '", why: PROSE }]),
  ...inFile('config/looks-like-key', [
    {
      original: "error instanceof Error && 'code' in error",
      why: 'the compiler wants it said: what node:crypto throws is an Error, and a code that is missing equals none',
    },
    { original: 'looks.left < 0', replacement: 'looks.left <= 0', why: 'one look more, or less' },
    { on: '(outer[0] === SEQUENCE ||', why: FILTER },
    { original: '2 + more', replacement: '2 - more', why: FILTER },
    { original: 'end > value.length', replacement: 'false', why: FILTER },
    {
      ...{ original: 'value.length < 2 + more', replacement: 'value.length <= 2 + more' },
      why: 'what has no content holds no key',
    },
    { on: 'const end =', mutator: 'ArithmeticOperator', why: FILTER },
    { original: 'first > 0x80', replacement: 'first >= 0x80', why: 'the same: 0x80 is asked for next' },
    {
      original: '{ return undefined; }',
      replacement: '{}',
      why: 'the function ends there; the compiler wants it said',
    },
  ]),
  ...inFile('config/policy', [
    {
      original: 'key === undefined',
      replacement: 'false',
      why: 'the compiler wants it said: a key is missing where a problem with it was told, here or by the schema',
    },
    {
      original: 'tokenPlace === undefined',
      replacement: 'false',
      why: 'the compiler wants it said: its place is missing where a problem with it was told, here or by the schema',
    },
    { original: 'raw.maxAgeSeconds !== undefined', replacement: 'true', why: MISSING },
    { on: 'needs the name of its', why: PROSE },
    { on: 'const OF_THE_FILE', mutator: 'StringLiteral', why: PROSE },
  ]),
];
