/**
 * A few thousand cases on every run of the tests, from another seed each time; ten million in `npm run test:long`
 * (test/long/fuzz.test.ts). What fails says how to see it again. FUZZ_SEED and FUZZ_CASES give others.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { configCase, openConfigSubject } from './check-config.ts';
import { requestCase } from './request-cases.ts';
import { describeFailure, type Subjects, TARGETS, tryCase } from './run-cases.ts';
import { openInProcess } from './subject.ts';
import { missedShares, newTally, sum } from './tally.ts';
import { WORLDS } from './worlds.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
// Whoever looks for leaks looks for each token in all that was written.
const CASES = Number(process.env['FUZZ_CASES'] ?? (process.env['LEAK_WATCH'] === '1' ? 200 : 3000));
const COUNTS = { tokens: CASES * 0.6, events: CASES * 0.4, configs: CASES / 20 };
const TIMEOUT_MS = 300_000;

const subjects: Subjects = {
  ...{ worlds: WORLDS, requests: openInProcess(WORLDS), configs: openConfigSubject() },
};
afterAll(() => subjects.configs.close());

const tallies = { tokens: newTally(), events: newTally(), configs: newTally() };

describe(`from seed ${SEED}`, () => {
  test.each(TARGETS)(
    '%s',
    async (target) => {
      for (let number = 0; number < COUNTS[target]; number++) {
        const failed = await tryCase(target, subjects, { seed: SEED, number }, tallies[target]);
        if (failed !== undefined) expect.fail(describeFailure(failed));
      }
    },
    TIMEOUT_MS,
  );

  test('enough of them get far, and enough are right', () => {
    const requests = sum([tallies.tokens, tallies.events]);
    if (requests.cases >= 2000) expect(missedShares(requests)).toEqual([]);
    expect(requests.right / requests.cases).toBeGreaterThan(0.2);
    const { right, cases, ended } = tallies.configs;
    if (cases < 100) return;
    expect(right / cases).toBeGreaterThan(0.1);
    for (const end of ['accepted', 'refused', 'not YAML']) expect(ended[end]).toBeGreaterThan(0);
  });
});

test('a seed and a number give the same case again', () => {
  for (let number = 0; number < 200; number++) {
    const [one, other] = [0, 1].map(() => requestCase('tokens', { seed: 1, number, worlds: WORLDS }));
    expect(other?.done).toEqual(one?.done);
    expect(other?.world).toBe(one?.world);
    // Signatures of ECDSA and RSA-PSS are new each time; of RSA they are kept.
    if (one?.world.name === 'secret') expect(other?.event).toEqual(one.event);
  }
});

test('what a tag makes of a number is not taken for what the number means', async () => {
  const subjects: Subjects = {
    worlds: WORLDS,
    requests: openInProcess(WORLDS),
    configs: openConfigSubject(),
  };
  try {
    expect(await tryCase('configs', subjects, { seed: 20_261_123, number: 32_928 })).toBeUndefined();
  } finally {
    subjects.configs.close();
  }
});

test('a configuration is drawn whatever was drawn into it before', () => {
  // `String` throws for some of what is drawn; two in 50,000 met that.
  for (const number of [4_672, 13_071]) expect(() => configCase({ seed: 20_261_123, number })).not.toThrow();
});

test(
  'the built function: some of both',
  async () => {
    const run = promisify(execFile);
    const args = [
      '--cases',
      String(CASES / 4),
      '--seed',
      String(SEED),
      '--only',
      'tokens,events',
      '--bundle',
    ];
    const program = fileURLToPath(new URL('run.ts', import.meta.url));
    const { stdout } = await run(process.execPath, ['--import', 'tsx', program, ...args]).catch((error) => {
      throw new Error(String(error.stdout));
    });
    expect(stdout).toContain('right by construction');
  },
  TIMEOUT_MS,
);
