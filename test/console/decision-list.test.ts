import { describe, expect, it } from 'vitest';
import { codesIn, filtered, NONE, withNews } from '../../bin/console/page/decision-list.ts';
import type { Decision } from '../../bin/console/wire.ts';

const decision = (number: number, code?: string): Decision => ({
  ...{ number, at: '2026-11-22T10:00:00.000Z', method: 'GET', status: code ? 401 : 200, durationMs: 1 },
  ...{ outcome: code ? 'denied' : 'allowed', ...(code && { code }) },
});
const news = (run: string, ...decisions: readonly Decision[]) => ({
  ...{ run, decisions },
  last: decisions.at(-1)?.number ?? 0,
});
const numbers = (decisions: readonly Decision[]) => decisions.map(({ number }) => number);

describe('the list of requests', () => {
  it('has the newest first, each once', () => {
    const first = withNews(NONE, news('a', decision(1), decision(2)));
    const second = withNews(first, news('a', decision(2), decision(3)));
    expect([numbers(first.decisions), numbers(second.decisions)]).toEqual([
      [2, 1],
      [3, 2, 1],
    ]);
    expect(second.last).toBe(3);
  });

  it('stays the same object without news', () => {
    const list = withNews(NONE, news('a', decision(1)));
    expect(withNews(list, { run: 'a', last: 1, decisions: [] })).toBe(list);
  });

  it('begins anew with another run of the server', () => {
    const list = withNews(NONE, news('a', decision(7)));
    expect(numbers(withNews(list, news('b', decision(1))).decisions)).toEqual([1]);
  });

  it('ends at 200', () => {
    const of = (count: number) =>
      withNews(NONE, news('a', ...Array.from({ length: count }, (_, i) => decision(i + 1))));
    expect([of(200), of(201)].map(({ decisions }) => [decisions.length, decisions.at(-1)?.number])).toEqual([
      [200, 1],
      [200, 2],
    ]);
  });
});

it('filters by code, and tells how often each is', () => {
  const list = withNews(
    NONE,
    news(
      'a',
      decision(1, 'token_expired'),
      decision(2),
      decision(3, 'scope_missing'),
      decision(4, 'token_expired'),
    ),
  );
  expect(codesIn(list)).toEqual([
    ['token_expired', 2],
    ['scope_missing', 1],
  ]);
  expect(
    ['all', 'allowed', 'refused', 'token_expired', 'gone'].map((by) => numbers(filtered(list, by))),
  ).toEqual([[4, 3, 2, 1], [2], [4, 3, 1], [4, 1], []]);
});
