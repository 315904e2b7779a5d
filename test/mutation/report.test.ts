import { expect, test } from 'vitest';
import { type Report, survivorsOf, tallyOf, told, untriedOf } from './report.ts';

const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});

const report = (...statuses: string[]): Report => ({
  files: {
    'lambda/a.ts': {
      source: 'const one = 1;\nif (one >\n  0) go();\n',
      mutants: statuses.map((status) => ({
        ...{ mutatorName: 'ConditionalExpression', replacement: 'false', status },
        location: at(2, 5, 3, 4),
      })),
    },
  },
});

test('a change that no test noticed is told with its place and both texts', () => {
  expect(survivorsOf(report('Killed', 'Survived')).map(told)).toEqual([
    'lambda/a.ts:2:5 ConditionalExpression: one > 0 -> false',
  ]);
});

test('it comes with the line on which it begins, and what stands before it', () => {
  expect(survivorsOf(report('Survived'))).toMatchObject([
    { on: 'if (one >', before: 'const one = 1;\nif (', original: 'one > 0', replacement: 'false' },
  ]);
});

test('it comes with the file as it would be, and with whether that is evaluated once', () => {
  expect(survivorsOf(report('Survived'))).toMatchObject([
    { changed: 'const one = 1;\nif (false) go();\n', isStatic: false },
  ]);
});

test.each([
  ['Killed', 0],
  ['Timeout', 0],
  ['CompileError', 0],
  ['Ignored', 0],
  ['Survived', 1],
  ['NoCoverage', 1],
] as const)('%s: %i unnoticed', (status, count) => {
  expect(survivorsOf(report(status))).toHaveLength(count);
});

test('what Stryker leaves out, being evaluated once, is to be tried otherwise', () => {
  const left = report('Ignored', 'Ignored', 'Survived');
  const [mutants] = Object.values(left.files).map(({ mutants: all }) => all);
  const reasons = ['Static mutant (and "ignoreStatic" was enabled)', 'a comment says so'];
  const files = {
    'lambda/a.ts': {
      source: 'const one = 1;\nif (one >\n  0) go();\n',
      mutants: (mutants ?? []).map((mutant, i) => ({ ...mutant, statusReason: reasons[i] ?? '' })),
    },
  };
  expect(untriedOf({ files })).toHaveLength(1);
});

test('the share counts what was tried', () => {
  expect(tallyOf(report('Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'))).toBe(
    '2 of 4 noticed, 50.0 %',
  );
});
