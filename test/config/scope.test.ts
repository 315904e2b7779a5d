import { expect, test } from 'vitest';
import { isScope } from '../../lambda/config/scope.ts';

test.each(['orders:read', '!', '#', '[', ']', '~', 'https://api.example/read'])('%j is a scope', (value) => {
  expect(isScope(value)).toBe(true);
});

test.each([
  ...['', ' ', 'a b', '"', '\\', '\x7f', 'a\n', 'ä', '\u2028'],
  ...[7, true, null, undefined, ['orders'], {}],
])('%j is none', (value) => {
  expect(isScope(value)).toBe(false);
});
