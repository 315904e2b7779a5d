import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inTime, OutOfTime } from '../../lambda/authorizer/in-time.ts';
import { isPending } from '../keys/support.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const left = (remainingMs: number) => ({ untilMs: 5_000_000 + remainingMs, now: () => 5_000_000 });
const NEVER = new Promise<never>(() => undefined);

describe('what takes too long', () => {
  test.each([
    [10_000, 9_500],
    [1_000, 500],
    [999, 499.5],
    [10, 5],
    [0, 0],
  ])('with %d ms left is given up after %d ms', async (remainingMs, afterMs) => {
    const waiting = Promise.resolve(inTime(NEVER, left(remainingMs)));
    waiting.catch(() => undefined);
    if (afterMs >= 1) {
      vi.advanceTimersByTime(Math.floor(afterMs) - 1);
      expect(await isPending(waiting)).toBe(true);
    }
    vi.advanceTimersByTime(2);
    await expect(waiting).rejects.toBeInstanceOf(OutOfTime);
  });
});

describe('what ends in time', () => {
  test('is what it is, and leaves no timer', async () => {
    expect(await inTime(Promise.resolve('answer'), left(10_000))).toBe('answer');
    await expect(inTime(Promise.reject(new Error('ours')), left(10_000))).rejects.toThrow('ours');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is given back as it is where there is nothing to wait for, or no limit', () => {
    expect(inTime('answer', left(10_000))).toBe('answer');
    expect(inTime(NEVER, undefined)).toBe(NEVER);
    expect(vi.getTimerCount()).toBe(0);
  });
});
