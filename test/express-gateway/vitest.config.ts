import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/express-gateway/**/*.test.ts'],
    globalSetup: ['test/express-gateway/install.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
