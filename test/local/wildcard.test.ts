import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../bin/local/wildcard.ts';

/** The definition, written down without a thought for speed. */
function reference(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') return reference(rest, text) || (text !== '' && reference(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && reference(rest, text.slice(1));
}

describe('matchesWildcard', () => {
  it('agrees with the definition', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (p, t) => matchesWildcard(p, t) === reference(p, t)),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['a/*', 'a/b/c', true],
    ['a/*', 'a/', true],
    ['a/*', 'a', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', true],
    ['a?c', 'ac', false],
    ['a?c', 'abbc', false],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
    ['A', 'a', false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it('takes no exponential time', () => {
    const started = performance.now();
    expect(matchesWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
