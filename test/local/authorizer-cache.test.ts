import { describe, expect, it } from 'vitest';
import { createAuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import type { AuthorizerResult } from '../../bin/local/authorizer-result.ts';

const result = (principalId: string): AuthorizerResult => ({
  principalId,
  policy: { statements: [] },
  context: {},
});

function setUp(maxEntries?: number) {
  let time = 0;
  const cache = createAuthorizerCache({ now: () => time, ...(maxEntries ? { maxEntries } : {}) });
  return {
    cache,
    at: (ms: number) => {
      time = ms;
    },
  };
}

describe('createAuthorizerCache', () => {
  it('keeps an answer for its time and not a millisecond longer', () => {
    const { cache, at } = setUp();
    cache.reserve('k', 2)(result('a'));
    at(1_999);
    expect(cache.get('k')?.principalId).toBe('a');
    at(2_000);
    expect(cache.get('k')).toBeUndefined();
  });

  it('keeps nothing at 0 seconds', () => {
    const { cache } = setUp();
    cache.reserve('k', 0)(result('a'));
    expect(cache.get('k')).toBeUndefined();
  });

  it('is bounded, and gives up the oldest first', () => {
    const { cache } = setUp(2);
    for (const key of ['a', 'b', 'a', 'c']) cache.reserve(key, 9)(result(key));
    expect(['a', 'b', 'c'].map((key) => cache.get(key)?.principalId)).toEqual(['a', undefined, 'c']);
  });

  it('forgets at a flush, also what was asked for before it', () => {
    const { cache } = setUp();
    cache.reserve('kept', 9)(result('a'));
    const late = cache.reserve('asked', 9);
    cache.flush();
    late(result('b'));
    expect(cache.get('kept')).toBeUndefined();
    expect(cache.get('asked')).toBeUndefined();
    cache.reserve('asked', 9)(result('c'));
    expect(cache.get('asked')?.principalId).toBe('c');
  });
});
