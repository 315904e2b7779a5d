import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ARGUED } from './argued/argued.ts';
import { RULES } from './argued/rules.ts';
import { type Argument, judge } from './arguments.ts';
import type { Change } from './report.ts';

const survivor = (changed: Partial<Change> = {}): Change => ({
  ...{ file: 'lambda/keys/a.ts', line: 1, column: 5, mutator: 'EqualityOperator' },
  ...{
    original: 'a < b',
    replacement: 'a <= b',
    on: 'if (a < b) go();',
    before: 'if (',
    isStatic: false,
    changed: '',
    ...changed,
  },
});
const because = (changed: Partial<Argument> = {}): Argument => ({
  ...{ file: 'lambda/keys/a.ts', why: 'they are never equal', ...changed },
});
const judged = (survivors: Change[], all: Argument[]) => judge(survivors, { rules: [], all });

describe('an argument', () => {
  test.each<[string, Partial<Argument>]>([
    ['file', {}],
    ['line', { on: '(a < b)' }],
    ['text', { original: 'a < b' }],
    ['change', { original: 'a < b', replacement: 'a <= b', mutator: 'EqualityOperator' }],
  ])('fits by its %s', (_, by) => {
    expect(judged([survivor()], [because(by)])).toEqual({
      ...{ unargued: [], stale: [], argued: new Map([['they are never equal', 1]]) },
    });
  });
  test.each<[string, Partial<Argument>]>([
    ['file', { file: 'lambda/keys/b.ts' }],
    ['line', { on: '(a > b)' }],
    ['text', { original: 'a <' }],
    ['replacement', { original: 'a < b', replacement: 'a > b' }],
    ['kind', { mutator: 'ConditionalExpression' }],
  ])('of another %s does not fit, and is stale', (_, by) => {
    const argument = because(by);
    expect(judged([survivor()], [argument])).toEqual({
      ...{ unargued: [survivor()], stale: [argument], argued: new Map() },
    });
  });
  test('may stand for several', () => {
    const { unargued, argued } = judged([survivor(), survivor({ line: 2 })], [because()]);
    expect(unargued).toEqual([]);
    expect([...argued.values()]).toEqual([2]);
  });
  test('is about a file that there is, with a line that is still there', () => {
    const root = resolve(import.meta.dirname, '../..');
    const gone = ARGUED.filter(({ file, on = '' }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(on);
    });
    expect(gone).toEqual([]);
  });
});

describe('the words of an error need no test', () => {
  const isArgued = (before: string, original: string, replacement = '""') => {
    const words = survivor({ mutator: 'StringLiteral', before, original, replacement });
    return judge([words], { rules: RULES, all: [] }).unargued.length === 0;
  };
  test.each([
    ['throw new KeyUnavailable(', "'no key'", '""'],
    ['throw new KeyUnavailable(', '`no key of jwt[1]`', '``'],
    ['throw new Error(\n  ', "'no key'", '""'],
    ['throw fail(', "'no key'", '""'],
    ["return refuse('secret_empty', ", "'no key'", '""'],
    ["return refuse(\n  'secret_empty',\n  ", "'no key'", '""'],
  ])('%j', (...words) => {
    expect(isArgued(...words)).toBe(true);
  });
  test.each([
    ['return refuse(', "'secret_empty'", '""'],
    ["throw new Error('no key', { cause: ", "'no cause'", '""'],
    ["add('value_invalid', ", "'issuer'", '""'],
    ['const word = ', "'no key'", '""'],
    ['throw new Error(', "'no key'", '"Stryker was here!"'],
  ])('%j %s does', (...words) => {
    expect(isArgued(...words)).toBe(false);
  });
});
