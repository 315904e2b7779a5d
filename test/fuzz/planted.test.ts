/** That the fuzzer can fail: each fault that is put in on purpose is found, within a stated number of cases. */
import { afterEach, describe, expect, test } from 'vitest';
import { PLANTED, uproot } from './planted.ts';

/** A fixed seed: that a fault is found must not be a matter of luck. */
const SEED = 2;
const CASES_AT_MOST = 4000;
const TIMEOUT_MS = 300_000;

afterEach(uproot);

// A run that looks for leaks looks for each token of these, which nobody lets out.
describe.skipIf(process.env['LEAK_WATCH'] === '1')(`found within ${CASES_AT_MOST} cases`, () => {
  test.each(PLANTED)(
    '$name',
    async ({ target, shows, plant }) => {
      uproot();
      plant();
      // All of it anew: keys are made where the worlds are.
      const { tryCase } = await import('./run-cases.ts');
      const { openInProcess } = await import('./subject.ts');
      const { openConfigSubject } = await import('./check-config.ts');
      const { WORLDS: worlds } = await import('./worlds.ts');
      const subjects = { worlds, requests: openInProcess(worlds), configs: openConfigSubject() };
      for (let number = 0; number < CASES_AT_MOST; number++) {
        const failed = await tryCase(target, subjects, { seed: SEED, number });
        if (failed === undefined) continue;
        expect(shows).toContain(failed.kind);
        process.stdout.write(
          `    found at case ${number}: ${failed.kind}, of ${failed.done.join(', ') || 'what is right'}\n`,
        );
        subjects.configs.close();
        return;
      }
      expect.fail('not found');
    },
    TIMEOUT_MS,
  );
});
