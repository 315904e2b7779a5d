/**
 * SOAK_MINUTES (30) of mixed traffic to the local gateway, while credentials, scopes, consumers, tokens and keys change
 * and the table and the issuers fail: no wrong decision against a model, memory and handles flat. SOAK_SEED and SOAK_RATE
 * (requests a second) can be given. Shorter on every `npm test`: test/soak/smoke.test.ts.
 */
import { loadavg } from 'node:os';
import { beforeAll, expect, test, vi } from 'vitest';
import { growthOf } from '../soak/memory.ts';
import { figuresOf, tellWrong } from '../soak/report.ts';
import { type SoakResult, soak, TRIALS } from '../soak/soak.ts';
import { report } from './command.ts';

vi.mock('../support/tokens.ts', async (original) => ({
  ...(await original<typeof import('../support/tokens.ts')>()),
  // The attacks of the catalogue are wrong in one thing alone, which is not their time.
  NOW_SECONDS: Math.floor(Date.now() / 1000),
}));

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 30);
const SEED = Number(process.env['SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RATE = Number(process.env['SOAK_RATE'] ?? 200);
/** Some 20 bytes of each request. */
const MAY_GROW_MB_A_MINUTE = 0.25;
const MAY_STAY_OPEN = 5;
/** Before that caches fill and code is compiled. */
const JUDGED_FROM_MINUTES = 15;

let result: SoakResult;
beforeAll(
  async () => {
    report('soak', `${MINUTES} minutes, ${RATE} requests a second, SOAK_SEED=${SEED}`);
    result = await soak({
      ...{ seed: SEED, seconds: MINUTES * 60, rate: RATE, users: 15, changeEveryMs: 2_500 },
      settings: { credentialCacheSeconds: 2, authorizerCacheSeconds: 600 },
      outages: { everyMs: 25_000, leastMs: 3_000, mostMs: 8_000 },
      sampleEveryMs: Math.min(30_000, MINUTES * 1_000),
      report: (line) => report(`load ${loadavg()[0]?.toFixed(1)}`, line),
    });
    for (const [what, figure] of figuresOf(result)) report(what, figure);
    for (const wrong of result.tally.wrong) report('WRONG', tellWrong(wrong));
  },
  (MINUTES + 5) * 60_000,
);

test('no wrong decision', () => {
  expect(result.tally.wrong.map(tellWrong)).toEqual([]);
  expect(result.untaken).toBe(0);
  expect(result.trapped).toBe(0);
});

test.each(TRIALS)('what was %s is found', (trial) => {
  expect(result.trials.get(trial)?.wrongs()).toBeGreaterThan(0);
});

test.skipIf(MINUTES < JUDGED_FROM_MINUTES)('memory and handles are flat', () => {
  for (const [name, samples] of result.samples) {
    const { mbAMinute, handles } = growthOf(samples);
    expect(mbAMinute, name).toBeLessThan(MAY_GROW_MB_A_MINUTE);
    expect(handles, name).toBeLessThan(MAY_STAY_OPEN);
  }
});

test('the gateways ran to their end, and wrote no token', () => {
  expect(result.exitCodes.every((code) => code === 0)).toBe(true);
  expect(result.log.withToken).toBe(0);
});
