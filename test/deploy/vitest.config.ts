import { defineConfig } from 'vitest/config';

/** The deployment tier; `run.sh` starts it against a deployed stack. */
export default defineConfig({
  test: {
    include: ['test/deploy/**/*.test.ts'],
    testTimeout: 30_000,
    // One stack, one emulator: a file after the other.
    fileParallelism: false,
  },
});
