import { expect, test } from 'vitest';
import { hasMoreLevels, isDeeper } from '../../lambda/config/yaml-levels.ts';

test.each<[string, boolean]>([
  ['', false],
  ['# nothing', false],
  ['---', false],
  ['---\n...\n---\n', false],
  ['[[1]]', false],
  ['[[[1]]]', true],
  ['a: [1]', false],
  ['a: [[1]]', true],
  ['a:\n  - b: 1', true],
  ['? [[1]]\n: 1', true],
  ['---\na: 1\n---\n[[[1]]]', true],
])('%j has more than three levels of tokens: %s', (text, has) => {
  expect(hasMoreLevels(text, 3)).toBe(has);
});

test.each<[unknown, boolean]>([
  ['x', false],
  [null, false],
  [[], false],
  [{}, false],
  [[7], false],
  [{ a: { b: 7 } }, false],
  [{ a: [7] }, false],
  [{ a: { b: [] } }, true],
  [[[[]]], true],
])('%j is deeper than two levels: %s', (value, is) => {
  expect(isDeeper(value, 2)).toBe(is);
});

test('a value that holds itself is deeper than any', () => {
  const endless: unknown[] = [];
  endless.push(endless);
  expect(isDeeper(endless, 32)).toBe(true);
});
