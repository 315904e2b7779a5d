import { defineConfig } from 'vitest/config';

/** The console in a browser, one file at a time. Needs Chromium: on the PATH, or named by CHROMIUM. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
