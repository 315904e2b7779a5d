import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAuthorize } from '../../bin/local/authorize.ts';
import { createAuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { createFlushAgain, type SetTimer } from '../../bin/local/flush-again.ts';
import { createRouter } from '../../bin/local/resource-router.ts';
import { deliver, respond } from '../../lambda/authorizer/respond.ts';
import { revocationBound } from '../../lambda/config/revocation-bound.ts';
import { findThrough, rememberFound } from '../../lambda/consumers/find-credential.ts';
import { configOf, credentialOf, dependenciesOf, userOf } from '../authorizer/fixtures.ts';
import { createTimeline, type Timeline } from '../property/timeline.ts';
import { NOW_SECONDS, tokenOf } from '../support/tokens.ts';

const START_MS = NOW_SECONDS * 1000;

/** Timers on a timeline. */
const timersOf =
  ({ at, now }: Timeline): SetTimer =>
  (run, afterMs) => {
    let isWaiting = true;
    at(now() + afterMs, () => {
      if (isWaiting) run();
    });
    return () => {
      isWaiting = false;
    };
  };

function setUp(againAfterMs = 70_000) {
  const timeline = createTimeline(START_MS);
  const flushedAtMs: number[] = [];
  const again = createFlushAgain({
    flush: () => flushedAtMs.push(timeline.now() - START_MS),
    againAfterMs,
    now: timeline.now,
    setTimer: timersOf(timeline),
  });
  return { timeline, flushedAtMs, again };
}

describe('a change', () => {
  it('flushes now and again', async () => {
    const { timeline, flushedAtMs, again } = setUp();
    again.changed();
    expect(flushedAtMs).toEqual([0]);
    await timeline.advance(69_999);
    expect(flushedAtMs).toEqual([0]);
    await timeline.advance(1);
    expect(flushedAtMs).toEqual([0, 70_000]);
    await timeline.advance(1_000_000);
    expect(flushedAtMs).toEqual([0, 70_000]);
  });

  it('shares the second flush with others of its second, which is late for none', async () => {
    const { timeline, flushedAtMs, again } = setUp();
    for (const pause of [100, 300, 599]) {
      await timeline.advance(pause);
      again.changed();
    }
    await timeline.advance(1);
    again.changed();
    await timeline.advance(100_000);
    expect(flushedAtMs).toEqual([100, 400, 999, 1_000, 70_000, 71_000]);
  });

  it('puts no other’s second flush off, however many come', async () => {
    const { timeline, flushedAtMs, again } = setUp();
    for (let second = 0; second < 200; second += 1) {
      again.changed();
      await timeline.advance(1_000);
    }
    const second = flushedAtMs.filter((_, index) => index > 0);
    for (let atMs = 70_000; atMs < 200_000; atMs += 1_000) expect(second).toContain(atMs);
  });

  it('is flushed no more once it is closed', async () => {
    const { timeline, flushedAtMs, again } = setUp();
    again.changed();
    again.close();
    await timeline.advance(100_000);
    expect(flushedAtMs).toEqual([0]);
  });

  it('is flushed again by a timer that comes early, in time', async () => {
    let nowMs = START_MS;
    const timers: (() => void)[] = [];
    const flushedAtMs: number[] = [];
    const again = createFlushAgain({
      flush: () => flushedAtMs.push(nowMs - START_MS),
      againAfterMs: 10_000,
      now: () => nowMs,
      setTimer: (run) => {
        timers.push(run);
        return () => {};
      },
    });
    again.changed();
    nowMs += 9_999;
    timers.shift()?.();
    nowMs += 1;
    timers.shift()?.();
    expect(flushedAtMs).toEqual([0, 10_000]);
    expect(timers).toEqual([]);
  });
});

it('is flushed again in its time although the computer’s clock is set back an hour', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const waits: { run: () => void; afterMs: number }[] = [];
  const again = createFlushAgain({
    flush: () => {},
    againAfterMs: 70_000,
    setTimer: (run, afterMs) => {
      waits.push({ run, afterMs });
      return () => {};
    },
  });
  again.changed();
  vi.setSystemTime(Date.now() - 3_600_000);
  // It comes early, and is set again.
  waits[0]?.run();
  expect(waits).toHaveLength(2);
  for (const { afterMs } of waits) expect(afterMs).toBeLessThanOrEqual(70_000);
});

/** A gateway's cache before the authorizer's own steps, over a table in which one credential can be switched off. */
function world(credentialCacheSeconds: number) {
  const timeline = createTimeline(START_MS);
  const { now } = timeline;
  const config = configOf([{ checkCredentialExistence: true }], { credentialCacheSeconds });
  const cache = createAuthorizerCache({ now });
  const credential = { ...credentialOf(), isActive: true };
  const reader = {
    readCredential: async () => ({ ...credential }),
    readHolder: async () => ({ user: userOf() }),
  };
  const findCredential = rememberFound(findThrough(reader), { seconds: credentialCacheSeconds, now });
  const dependencies = dependenciesOf({ config, now, findCredential });
  let work: () => Promise<void> = async () => {};
  const authorize = createAuthorize({
    config,
    resources: ['/', '/{proxy+}'],
    api: { apiId: 'abcdef1234', stage: 'prod' },
    // It has decided, and is still at work.
    invoke: async (event) => deliver(await respond(event, dependencies).finally(work)),
    cache,
    now,
    // The time limit is the test's to keep.
    invokeTimeoutMs: 60_000,
  });
  const bound = revocationBound(config);
  if (bound === undefined) throw new Error('no bound');
  const again = createFlushAgain({
    flush: () => cache.flush(),
    againAfterMs: bound.withFlushesSeconds * 1000,
    now,
    setTimer: timersOf(timeline),
  });
  const token = tokenOf({ sub: 'key-1', exp: NOW_SECONDS + 100_000 });
  const router = createRouter(['/', '/{proxy+}']);
  const isLetThrough = async (working = async () => {}) => {
    work = working;
    const route = router('/orders');
    if (route === undefined) throw new Error('no route');
    const headers = [['authorization', `Bearer ${token}`]] as const;
    const request = { method: 'GET', rawPath: '/orders', headers, sourceIp: '127.0.0.1' };
    return (await authorize({ request, route, requestId: 'r', receivedAt: now() })).allowed;
  };
  return { timeline, again, bound, credential, isLetThrough };
}

describe('a request of what was taken away', () => {
  it('refills the cache from what the function remembers, and is ended by the second flush alone', async () => {
    const { timeline, again, bound, credential, isLetThrough } = world(60);
    expect(await isLetThrough()).toBe(true);
    credential.isActive = false;
    again.changed();
    await timeline.advance(59_000);
    expect(await isLetThrough()).toBe(true);
    await timeline.advance(bound.withFlushesSeconds * 1000 - 59_000 - 1);
    // The function remembers no more: this is the cached one.
    expect(await isLetThrough()).toBe(true);
    await timeline.advance(1);
    expect(await isLetThrough()).toBe(false);
  });

  it('would outlive the bound without the second flush', async () => {
    const { timeline, again, bound, credential, isLetThrough } = world(60);
    expect(await isLetThrough()).toBe(true);
    credential.isActive = false;
    again.changed();
    again.close();
    await timeline.advance(59_000);
    expect(await isLetThrough()).toBe(true);
    await timeline.advance((bound.withFlushesSeconds - 59) * 1000);
    expect(await isLetThrough()).toBe(true);
  });

  it('never outlives the bound, whenever requests come and however long the function is at work', async () => {
    const step = fc.record({
      pauseMs: fc.oneof(
        fc.integer({ min: 0, max: 15_000 }),
        fc.constantFrom(0, 1, 999, 1_000, 59_999, 60_000),
      ),
      workMs: fc.constantFrom(0, 0, 1, 5_000, 9_999),
      changes: fc.boolean(),
    });
    let lateAnswers = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 5, 60),
        fc.integer({ min: 0, max: 999 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        async (credentialCacheSeconds, offsetMs, steps) => {
          const { timeline, again, bound, credential, isLetThrough } = world(credentialCacheSeconds);
          await timeline.advance(offsetMs);
          await isLetThrough();
          let takenAtMs: number | undefined;
          for (const { pauseMs, workMs, changes } of steps) {
            await timeline.advance(pauseMs);
            if (changes && takenAtMs === undefined) {
              takenAtMs = timeline.now();
              credential.isActive = false;
              again.changed();
            } else if (changes) {
              // Others' changes go on.
              again.changed();
            }
            const cameAtMs = timeline.now();
            const passed = await isLetThrough(() => timeline.advance(workMs));
            if (takenAtMs === undefined || !passed) continue;
            const afterMs = timeline.now() - takenAtMs;
            if (cameAtMs > takenAtMs) lateAnswers += 1;
            expect(afterMs).toBeLessThan(bound.withFlushesSeconds * 1000);
          }
        },
      ),
      { numRuns: 400 },
    );
    // So that it cannot pass because nothing was remembered.
    expect(lateAnswers).toBeGreaterThan(50);
  });
});
