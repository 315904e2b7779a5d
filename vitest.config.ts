import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/integration/**', 'test/deploy/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: a worker each.
    maxWorkers: 2,
  },
});
