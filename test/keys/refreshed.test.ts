import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { createRefreshed, type Initial, type RefreshTimes } from '../../lambda/keys/refreshed.ts';
import { answered, clock, isPending, outcome, SECOND, settle } from './support.ts';

const TIMES: RefreshTimes = {
  refreshAfterMs: 300 * SECOND,
  waitAfterMs: 600 * SECOND,
  maximumAgeMs: 3600 * SECOND,
  cooldownMs: 20 * SECOND,
  longestLoadMs: 10 * SECOND,
};
const { refreshAfterMs, waitAfterMs, maximumAgeMs, cooldownMs, longestLoadMs } = TIMES;
const DOWN = new KeyUnavailable('down');

function workbench(initial?: (nowMs: number) => Initial<string>) {
  const time = clock();
  const { call: load, calls: loads } = answered<[], string>();
  const reports: unknown[] = [];
  const kept = createRefreshed({
    load,
    now: time.now,
    times: TIMES,
    initial: initial?.(time.now()),
    report: (failure) => void reports.push(failure),
  });
  const answer = async (result: string | Error) => {
    loads.at(-1)?.answer(result);
    await settle();
  };
  return { time, kept, loads, reports, answer };
}

/** With a value that was loaded at the beginning. */
async function filled() {
  const bench = workbench();
  bench.kept.prefetch();
  await bench.answer('first');
  return bench;
}

describe('the first value', () => {
  test('is loaded when it is asked for, once for all who ask', async () => {
    const { kept, loads, answer } = workbench();
    expect(loads).toHaveLength(0);
    const asked = Array.from({ length: 100 }, () => kept.get());
    expect(loads).toHaveLength(1);
    await answer('first');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['first']));
    expect(loads).toHaveLength(1);
  });
  test('is loaded beforehand by prefetch', async () => {
    const { kept, loads, answer } = workbench();
    kept.prefetch();
    kept.prefetch();
    const asked = kept.get();
    expect(loads).toHaveLength(1);
    await answer('first');
    expect(await asked).toBe('first');
    expect(kept.get()).toBe('first');
  });
  test('that cannot be had is unavailable for all who wait, and told once', async () => {
    const { kept, reports, answer } = workbench();
    const asked = [kept.get(), kept.get()].map(outcome);
    await answer(DOWN);
    expect(await Promise.all(asked)).toEqual([DOWN, DOWN]);
    expect(reports).toEqual([DOWN]);
  });
  test('that fails in another way is unavailable too, with the cause', async () => {
    const { kept, answer } = workbench();
    const asked = outcome(kept.get());
    const fault = new TypeError('fault');
    await answer(fault);
    expect(await asked).toBeInstanceOf(KeyUnavailable);
    expect(await asked).toMatchObject({ cause: fault });
  });
  test('a prefetch that fails rejects nowhere, and the next one waits for its pause', async () => {
    const { kept, loads, answer, time } = workbench();
    kept.prefetch();
    await answer(DOWN);
    expect(await outcome(kept.get())).toBe(DOWN);
    time.pass(999);
    expect(await outcome(kept.get())).toBe(DOWN);
    expect(loads).toHaveLength(1);
    time.pass(1);
    const asked = kept.get();
    expect(loads).toHaveLength(2);
    await answer('first');
    expect(await asked).toBe('first');
  });
});

describe('a value that grows old', () => {
  test('is served at once, and no load begun, before its refresh', async () => {
    const { kept, loads, time } = await filled();
    time.at(refreshAfterMs - 1);
    expect(kept.get()).toBe('first');
    expect(loads).toHaveLength(1);
  });
  test('is refreshed from then on, and nobody waits', async () => {
    const { kept, loads, time, answer } = await filled();
    time.at(refreshAfterMs);
    for (let i = 0; i < 100; i += 1) expect(kept.get()).toBe('first');
    expect(loads).toHaveLength(2);
    await answer('second');
    expect(kept.get()).toBe('second');
    time.at(waitAfterMs - 1);
    expect(kept.get()).toBe('second');
    expect(loads).toHaveLength(2);
  });
  test('is counted from when its load began', async () => {
    const { kept, loads, time, answer } = await filled();
    time.at(refreshAfterMs);
    kept.get();
    time.pass(5 * SECOND);
    await answer('second');
    time.at(2 * refreshAfterMs - 1);
    kept.get();
    expect(loads).toHaveLength(2);
    time.pass(1);
    kept.get();
    expect(loads).toHaveLength(3);
  });
  test('is served until the moment from which its successor is waited for', async () => {
    const { kept, time, answer } = await filled();
    time.at(waitAfterMs - 1);
    expect(kept.get()).toBe('first');
    time.at(waitAfterMs);
    const asked = kept.get();
    expect(await isPending(asked)).toBe(true);
    await answer('second');
    expect(await asked).toBe('second');
  });
  test('serves on when its successor cannot be had', async () => {
    const { kept, time, answer, loads, reports } = await filled();
    time.at(waitAfterMs);
    const asked = kept.get();
    await answer(DOWN);
    expect(await asked).toBe('first');
    // In the pause nobody waits.
    expect(kept.get()).toBe('first');
    expect(loads).toHaveLength(2);
    expect(reports).toEqual([DOWN]);
  });
  test('serves until the maximum age, and no longer', async () => {
    const { kept, time, answer } = await filled();
    time.at(maximumAgeMs - 1);
    const last = kept.get();
    await answer(DOWN);
    expect(await last).toBe('first');
    time.at(maximumAgeMs);
    expect(await outcome(kept.get())).toBe(DOWN);
  });
  test('is not served to who began to wait for another before its end', async () => {
    const { kept, time, answer } = await filled();
    time.at(maximumAgeMs - 1);
    const asked = outcome(kept.get());
    time.pass(1);
    await answer(DOWN);
    expect(await asked).toBe(DOWN);
  });
  test('comes back after an outage beyond its maximum age', async () => {
    const { kept, time, answer, loads } = await filled();
    time.at(maximumAgeMs);
    const asked = outcome(kept.get());
    await answer(DOWN);
    expect(await asked).toBe(DOWN);
    time.pass(1 * SECOND);
    const again = kept.get();
    expect(loads).toHaveLength(3);
    await answer('second');
    expect(await again).toBe('second');
    expect(kept.get()).toBe('second');
  });
});

describe('an outage', () => {
  test('is asked after 1, 2, 4, 8, 16, 30 and 30 s, and told each time', async () => {
    const { kept, time, answer, loads, reports } = await filled();
    time.at(refreshAfterMs);
    kept.get();
    await answer(DOWN);
    for (const [i, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      time.pass(seconds * SECOND - 1);
      kept.get();
      expect(loads).toHaveLength(i + 2);
      time.pass(1);
      kept.get();
      expect(loads).toHaveLength(i + 3);
      await answer(DOWN);
      expect(reports).toHaveLength(i + 2);
    }
  });
  test('in a pause longer than any load, who needs the value does not wait, and asks nobody', async () => {
    const { kept, time, answer, loads } = workbench();
    for (const seconds of [0, 1, 2, 4, 8]) {
      time.pass(seconds * SECOND);
      const asked = outcome(kept.get());
      await answer(DOWN);
      expect(await asked).toBe(DOWN);
    }
    expect(loads).toHaveLength(5);
    time.pass(16 * SECOND - 1);
    expect(await outcome(kept.get())).toBe(DOWN);
    expect(loads).toHaveLength(5);
    time.pass(1);
    void outcome(kept.get());
    expect(loads).toHaveLength(6);
  });
  test('that is over is forgotten: the next pause is a second again', async () => {
    const { kept, time, answer, loads } = await filled();
    time.at(refreshAfterMs);
    for (const [pass, result] of [
      [0, DOWN],
      [1, DOWN],
      [2, 'second'],
      [300, DOWN],
    ] as const) {
      time.pass(pass * SECOND);
      kept.get();
      await answer(result);
    }
    expect(loads).toHaveLength(5);
    time.pass(999);
    kept.get();
    expect(loads).toHaveLength(5);
    time.pass(1);
    kept.get();
    expect(loads).toHaveLength(6);
  });
  test('a load that does not end holds up those alone who must wait for it', async () => {
    const { kept, time, loads, answer } = await filled();
    time.at(refreshAfterMs);
    for (let i = 0; i < 10; i += 1) expect(kept.get()).toBe('first');
    time.at(waitAfterMs - longestLoadMs);
    expect(kept.get()).toBe('first');
    expect(loads).toHaveLength(2);
    time.at(waitAfterMs);
    const asked = kept.get();
    expect(await isPending(asked)).toBe(true);
    expect(loads).toHaveLength(2);
    await answer('second');
    await answer('third');
    expect(await asked).toBe('third');
  });
});

describe('a newer value', () => {
  test('is none within the cooldown after the last load', async () => {
    const { kept, time, loads } = await filled();
    time.at(cooldownMs - 1);
    expect(kept.getNewer()).toBeUndefined();
    expect(loads).toHaveLength(1);
  });
  test('is loaded after it, once for all who ask', async () => {
    const { kept, time, loads, answer } = await filled();
    time.at(cooldownMs);
    const asked = Array.from({ length: 1000 }, () => kept.getNewer());
    expect(loads).toHaveLength(2);
    await answer('second');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['second']));
    expect(kept.get()).toBe('second');
    expect(kept.getNewer()).toBeUndefined();
    expect(loads).toHaveLength(2);
  });
  test('leaves the one at hand to all others meanwhile', async () => {
    const { kept, time } = await filled();
    time.at(cooldownMs);
    void kept.getNewer();
    expect(kept.get()).toBe('first');
  });
  test('is that of the load that runs, also within the cooldown', async () => {
    const { kept, time, loads, answer } = await filled();
    time.at(refreshAfterMs);
    kept.get();
    const asked = kept.getNewer();
    expect(loads).toHaveLength(2);
    await answer('second');
    expect(await asked).toBe('second');
  });
  test('is unavailable when its load failed, though there is an old one', async () => {
    const { kept, time, loads, answer, reports } = await filled();
    time.at(cooldownMs);
    const asked = [kept.getNewer(), kept.getNewer()].map(outcome);
    await answer(DOWN);
    expect(await Promise.all(asked)).toEqual([DOWN, DOWN]);
    expect(reports).toEqual([DOWN]);
    expect(kept.get()).toBe('first');
    // Until another may be tried, it stays unknown.
    time.pass(cooldownMs - 1);
    expect(await outcome(kept.getNewer())).toBe(DOWN);
    expect(loads).toHaveLength(2);
    time.pass(1);
    const again = kept.getNewer();
    expect(loads).toHaveLength(3);
    await answer('second');
    expect(await again).toBe('second');
  });
  test('is not asked for in a pause that is longer than the cooldown', async () => {
    const { kept, time, loads, answer } = await filled();
    time.at(refreshAfterMs);
    for (let i = 0; i < 6; i += 1) {
      kept.get();
      await answer(DOWN);
      time.pass(30 * SECOND);
    }
    kept.get();
    await answer(DOWN);
    const before = loads.length;
    time.pass(cooldownMs);
    expect(await outcome(kept.getNewer())).toBe(DOWN);
    expect(loads).toHaveLength(before);
  });
  test('where there is none yet is the first', async () => {
    const { kept, loads, answer } = workbench();
    const asked = kept.getNewer();
    expect(loads).toHaveLength(1);
    await answer('first');
    expect(await asked).toBe('first');
  });
});

describe('a value to begin with', () => {
  const snapshot =
    (lastsMs: number, ageMs = 0) =>
    (nowMs: number) => ({ value: 'snapshot', asOfMs: nowMs - ageMs, endsAtMs: nowMs + lastsMs });

  test('that is young serves at once, and is renewed when it is old', async () => {
    const { kept, loads, time, answer } = workbench(snapshot(maximumAgeMs, refreshAfterMs - 1));
    expect(kept.get()).toBe('snapshot');
    expect(loads).toHaveLength(0);
    time.pass(1);
    expect(kept.get()).toBe('snapshot');
    expect(loads).toHaveLength(1);
    await answer('first');
    expect(kept.get()).toBe('first');
  });
  test('that is old does not serve while the source can be asked', async () => {
    const { kept, answer } = workbench(snapshot(maximumAgeMs, waitAfterMs));
    const asked = kept.get();
    expect(await isPending(asked)).toBe(true);
    await answer('first');
    expect(await asked).toBe('first');
  });
  test('that is old serves when the source is down, and nobody waits after the first', async () => {
    const { kept, loads, time, answer } = workbench(snapshot(maximumAgeMs, waitAfterMs));
    const asked = kept.get();
    await answer(DOWN);
    expect(await asked).toBe('snapshot');
    time.pass(30 * SECOND);
    expect(kept.get()).toBe('snapshot');
    expect(loads).toHaveLength(2);
  });
  test('serves in an outage until its end', async () => {
    const { kept, time, answer } = workbench(snapshot(100 * SECOND, waitAfterMs));
    kept.prefetch();
    await answer(DOWN);
    time.at(100 * SECOND - 1);
    expect(kept.get()).toBe('snapshot');
    await answer(DOWN);
    time.at(100 * SECOND);
    expect(await outcome(kept.get())).toBe(DOWN);
  });
  test('that is over already is not served', async () => {
    const { kept, loads, answer } = workbench(snapshot(0));
    const asked = kept.get();
    expect(await isPending(asked)).toBe(true);
    expect(loads).toHaveLength(1);
    await answer('first');
    expect(await asked).toBe('first');
  });
  test('without an end that is a time is not served', async () => {
    const { kept, answer } = workbench(() => ({
      value: 'snapshot',
      asOfMs: Number.NaN,
      endsAtMs: Number.NaN,
    }));
    const asked = outcome(kept.get());
    await answer(DOWN);
    expect(await asked).toBe(DOWN);
  });
  test('is not what a newer one is asked for', async () => {
    const { kept, answer } = workbench(snapshot(maximumAgeMs));
    kept.prefetch();
    const asked = kept.getNewer();
    await answer('first');
    expect(await asked).toBe('first');
  });
});

describe('a load that a frozen function slept through', () => {
  test('is no failure of the source: another is begun at once', async () => {
    const { kept, time, loads, answer, reports } = workbench();
    kept.prefetch();
    time.pass(longestLoadMs + 1);
    const asked = kept.get();
    expect(loads).toHaveLength(1);
    await answer(DOWN);
    expect(loads).toHaveLength(2);
    expect(reports).toEqual([]);
    await answer('first');
    expect(await asked).toBe('first');
  });
  test('is one, when it took no longer than loads may', async () => {
    const { kept, time, loads, answer, reports } = workbench();
    kept.prefetch();
    time.pass(longestLoadMs);
    const asked = outcome(kept.get());
    await answer(DOWN);
    expect(await asked).toBe(DOWN);
    expect([loads.length, reports.length]).toEqual([1, 1]);
  });
  test('brings an old value, for which nobody is served', async () => {
    const { kept, time, loads, answer } = await filled();
    time.at(refreshAfterMs);
    kept.get();
    time.pass(1800 * SECOND);
    const asked = Array.from({ length: 20 }, () => kept.get());
    await answer('old');
    expect(loads).toHaveLength(3);
    await answer('new');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['new']));
    expect(loads).toHaveLength(3);
  });
  test('brings no newer value', async () => {
    const { kept, time, answer } = await filled();
    time.at(refreshAfterMs);
    kept.get();
    time.pass(60 * SECOND);
    const asked = kept.getNewer();
    await answer(DOWN);
    await answer('new');
    expect(await asked).toBe('new');
  });
  test('is followed by one other alone', async () => {
    const { kept, time, loads, answer, reports } = await filled();
    time.at(refreshAfterMs);
    kept.get();
    time.at(waitAfterMs);
    const asked = kept.get();
    await answer(DOWN);
    await answer(DOWN);
    expect(await asked).toBe('first');
    expect(loads).toHaveLength(3);
    expect(reports).toHaveLength(1);
  });
});

describe('whatever happens', () => {
  type Step =
    | { readonly do: 'pass'; readonly ms: number }
    | { readonly do: 'succeed' | 'fail' | 'get' | 'getNewer' };
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        ms: fc.oneof(
          fc.integer({ min: 0, max: maximumAgeMs + SECOND }),
          fc.integer({ min: 0, max: 40 * SECOND }),
          fc.constantFrom(1, cooldownMs, refreshAfterMs, waitAfterMs, maximumAgeMs, 999, 1000, 30_000),
        ),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('get' as const, 'getNewer' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('succeed' as const, 'fail' as const) }) },
  );

  test('no value is older than it may be, and no load begun that should not be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, hasInitial) => {
        const time = clock(0);
        /** A value is the moment at which its load began. */
        let running: { readonly sinceMs: number; readonly end: (result: number | Error) => void } | undefined;
        let begun = 0;
        let overlaps = 0;
        let failed = 0;
        let reported = 0;
        const initialEndsAtMs = maximumAgeMs;
        const kept = createRefreshed<number>({
          load: () =>
            new Promise((resolve, reject) => {
              if (running !== undefined) overlaps += 1;
              begun += 1;
              const sinceMs = time.now();
              const end = (result: number | Error) => {
                running = undefined;
                if (result instanceof Error) reject(result);
                else resolve(result);
              };
              running = { sinceMs, end };
            }),
          now: time.now,
          times: TIMES,
          initial: hasInitial ? { value: 0, asOfMs: 0, endsAtMs: initialEndsAtMs } : undefined,
          report: () => {
            reported += 1;
          },
        });
        /** The moments at which `getNewer` alone made a load begin. */
        const newerAtMs: number[] = [];
        const waiting: Promise<void>[] = [];
        /** A value is judged by the clock of the moment at which it is handed out. */
        const judge = (value: number) => expect(time.now() - value).toBeLessThan(maximumAgeMs);
        const settled = (promise: Promise<number>) =>
          waiting.push(promise.then(judge, (error: unknown) => expect(error).toBeInstanceOf(KeyUnavailable)));
        for (const one of steps) {
          switch (one.do) {
            case 'pass':
              time.pass(one.ms);
              break;
            case 'succeed':
              running?.end(running.sinceMs);
              break;
            case 'fail':
              if (running !== undefined) failed += 1;
              running?.end(DOWN);
              break;
            case 'get': {
              const value = kept.get();
              if (value instanceof Promise) settled(value);
              else judge(value);
              break;
            }
            case 'getNewer': {
              const before = begun;
              const newer = kept.getNewer();
              if (begun > before) {
                const last = newerAtMs.at(-1) ?? Number.NEGATIVE_INFINITY;
                expect(time.now() - last).toBeGreaterThanOrEqual(cooldownMs);
                newerAtMs.push(time.now());
              }
              if (newer !== undefined) settled(newer);
            }
          }
          await settle();
        }
        // A source that answers from now on: what serves is never older than the time from which one waits, but for
        // the request that finds out.
        for (let i = 0; i < 4; i += 1) {
          running?.end(running.sinceMs);
          await settle();
        }
        time.pass(LONGEST_PAUSE);
        const found = Promise.resolve(kept.get()).catch(() => 0);
        for (let i = 0; i < 4; i += 1) {
          running?.end(running.sinceMs);
          await settle();
        }
        await found;
        expect(time.now() - (await kept.get())).toBeLessThan(waitAfterMs);
        await Promise.all(waiting);
        expect(reported).toBeLessThanOrEqual(failed);
        expect(overlaps).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
  const LONGEST_PAUSE = 30 * SECOND;

  test('with a source that answers, nothing older than the time from which one waits is served', async () => {
    const gaps = fc.array(
      fc.record({
        idleMs: fc.oneof(
          fc.integer({ min: 0, max: 2 * maximumAgeMs }),
          fc.integer({ min: 0, max: waitAfterMs }),
        ),
        /** How long the function is frozen while a load runs. */
        frozenMs: fc.oneof(fc.constant(0), fc.integer({ min: longestLoadMs + 1, max: maximumAgeMs })),
        wakesToFailure: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(gaps, async (steps) => {
        const time = clock(0);
        const { call, calls } = answered<[], number>();
        const kept = createRefreshed<number>({
          load: () => {
            const sinceMs = time.now();
            return call().then(() => sinceMs);
          },
          now: time.now,
          times: TIMES,
          report: () => expect.fail('the source answers'),
        });
        let ended = 0;
        const answerAll = async () => {
          for (; ended < calls.length; await settle()) calls[ended++]?.answer(0);
        };
        for (const { idleMs, frozenMs, wakesToFailure } of steps) {
          time.pass(idleMs);
          const first = kept.get();
          const isRunning = calls.length > ended;
          // The answer was given; what still runs is frozen with the function.
          if (!(first instanceof Promise)) {
            expect(time.now() - first).toBeLessThan(waitAfterMs);
            if (isRunning && frozenMs > 0) {
              time.pass(frozenMs);
              const woken = kept.get();
              if (wakesToFailure) calls[ended++]?.answer(DOWN);
              await settle();
              await answerAll();
              expect(time.now() - (await woken)).toBeLessThan(waitAfterMs);
              continue;
            }
          }
          await answerAll();
          expect(time.now() - (await first)).toBeLessThan(waitAfterMs);
        }
      }),
      { numRuns: 500 },
    );
  });
});
