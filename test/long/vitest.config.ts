import { defineConfig } from 'vitest/config';

/** What takes long: run before a release, a file at a time, on a machine with nothing else to do. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
