import { expect, test } from 'vitest';
import { quote } from '../../lambda/config/quote.ts';

test.each<[unknown, string]>([
  ['x'.repeat(31), `"${'x'.repeat(31)}"`],
  ['x'.repeat(32), 'a string of 32 characters'],
  ['', '""'],
  ['a"b', '"a\\"b"'],
  [7, '7'],
  [true, 'true'],
  [null, 'nothing'],
  [undefined, 'undefined'],
  [['x'], 'a list'],
  [{ x: 1 }, 'a mapping'],
])('%j is told as %s', (value, told) => {
  expect(quote(value)).toBe(told);
});

test.each<[unknown, string]>([
  ['x', 'a string'],
  [7, 'a number'],
  [true, 'a boolean'],
  [null, 'nothing'],
  [['x'], 'a list'],
  [{ x: 1 }, 'a mapping'],
])('%j, where it may be a secret, as %s', (value, told) => {
  expect(quote(value, true)).toBe(told);
});
