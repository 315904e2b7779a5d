/** The page that gathers the figures has none that the page it points to does not have. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { ROOT, readPage } from './pages.ts';

const PAGE = 'docs/security.md';
const plain = (text: string): string => text.replaceAll(/(\d),(?=\d)/g, '$1');
/** Those that mean something by themselves: of three digits, or with a fraction. */
const numbersIn = (text: string): readonly string[] => plain(text).match(/\d+\.\d+|\d{3,}/g) ?? [];

interface Row {
  readonly name: string;
  readonly figure: string;
  /** Of the page's links; an anchor does not count. */
  readonly target: string;
}

const rowsIn = (text: string): readonly Row[] =>
  [
    ...text.matchAll(
      /<!-- figure: ([\w-]+) -->(.*?)<!-- \/figure --> \|.*\| \[[^\]]+\]\(([^)#]+)\S*\) \|$/gm,
    ),
  ].map(([, name = '', figure = '', target = '']) => ({ name, figure, target }));

/** @returns the numbers that its page does not have. */
const unknownIn = ({ figure }: Row, text: string): readonly string[] =>
  numbersIn(figure).filter((number) => !numbersIn(text).includes(number));

const rows = rowsIn(readPage(PAGE));

test('every marked figure is read', () => {
  expect(rows.map(({ name }) => name)).toEqual(
    [...readPage(PAGE).matchAll(/<!-- figure: ([\w-]+) -->/g)].map(([, name]) => name),
  );
  expect(rows.length).toBeGreaterThan(5);
});

test.each(rows)('$name is on its page', (row) => {
  expect(unknownIn(row, readFileSync(join(ROOT, dirname(PAGE), row.target), 'utf8'))).toEqual([]);
});

describe('a figure', () => {
  const row = { name: 'a', figure: '1,040 tokens, 1.7 s', target: 'x.md' };
  it('is found however it is written', () => {
    expect(unknownIn(row, '1040 tokens in 1.7 s')).toEqual([]);
  });
  it('that changed on its page is missed', () => {
    expect(unknownIn(row, '1041 tokens in 1.7 s')).toEqual(['1040']);
  });
});
