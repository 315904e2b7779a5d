import { defineConfig } from 'vitest/config';

/** Pages that are read, compiled and run: `npm run test:docs`. */
export default defineConfig({
  test: { include: ['test/docs/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 60_000, maxWorkers: 2 },
});
