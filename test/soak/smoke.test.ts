/** The soak, for 20 seconds and judged as it is: test/long/soak.test.ts has it for half an hour. */
import { beforeAll, expect, test, vi } from 'vitest';
import { tellWrong } from './report.ts';
import { type SoakResult, soak, TRIALS } from './soak.ts';

vi.mock('../support/tokens.ts', async (original) => ({
  ...(await original<typeof import('../support/tokens.ts')>()),
  // The attacks of the catalogue are wrong in one thing alone, which is not their time.
  NOW_SECONDS: Math.floor(Date.now() / 1000),
}));

const SEED = Number(process.env['SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let result: SoakResult;
beforeAll(async () => {
  result = await soak({
    ...{ seed: SEED, seconds: 20, rate: 120, users: 5, changeEveryMs: 700, sampleEveryMs: 2_000 },
    settings: { credentialCacheSeconds: 1, authorizerCacheSeconds: 600 },
    outages: { everyMs: 4_000, leastMs: 1_000, mostMs: 1_500 },
  });
}, 180_000);

test(`no wrong decision, SOAK_SEED=${SEED}`, () => {
  expect(result.tally.wrong.map(tellWrong)).toEqual([]);
  // Some thousands, of which two thirds; on a busy machine fewer.
  expect(result.tally.requests()).toBeGreaterThan(300);
  expect(result.tally.decided()).toBeGreaterThan(100);
  expect(result.untaken).toBe(0);
  expect(result.trapped).toBe(0);
});

test('each kind of request was there, and of answer', () => {
  expect([...result.tally.kinds.keys()].length).toBeGreaterThan(12);
  expect([...result.tally.statuses.keys()]).toEqual(expect.arrayContaining(['200', '401', '403']));
});

test.each(TRIALS)('what was %s is found', (trial) => {
  expect(result.trials.get(trial)?.wrongs()).toBeGreaterThan(0);
});

test('outages came and went', () => {
  expect(result.episodes.map(({ dependency }) => dependency)).toEqual(
    expect.arrayContaining(['table', 'issuer']),
  );
});

test('the gateways ran to their end, and wrote no token', () => {
  expect(result.exitCodes).toEqual([0, 0, 0]);
  expect(result.log.lines).toBeGreaterThan(100);
  expect(result.log.withToken).toBe(0);
});
