import { configDefaults, defineConfig } from 'vitest/config';

/** All of a request's way but what talks to the world: the function itself, its log, and the time that it has. */
const PURE_STEPS = 'lambda/authorizer/!(handler|log|respond).ts';
/** Those left out have guards that types ask for, and that nothing reaches. */
const PURE_CONFIGURATION =
  'lambda/config/!(inline-key|key-material|key-set-source|load|policy|route-template|stored-key-source|validate).ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      'test/browser/**',
      'test/integration/**',
      'test/deploy/**',
      'test/docs/**',
      'test/examples/runner/deployed.test.ts',
      'test/express-gateway/**',
      'test/long/**',
      'test/package/**',
    ],
    globalSetup: ['test/leaks/global-setup.ts'],
    setupFiles: ['test/leaks/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: a worker each.
    maxWorkers: 2,
    coverage: {
      include: ['lambda/**/*.ts'],
      exclude: ['lambda/admin/**'],
      reporter: ['text-summary'],
      // What decides must be tested to the last line; what is left out of branches are guards that types ask for.
      thresholds: {
        'lambda/authorizer/**': { lines: 99, branches: 98, functions: 95 },
        [PURE_STEPS]: { lines: 100, branches: 100, functions: 100 },
        'lambda/config/**': { lines: 100, branches: 97, functions: 100 },
        [PURE_CONFIGURATION]: { lines: 100, branches: 100, functions: 100 },
        'lambda/keys/**': { lines: 100, branches: 99, functions: 100 },
        'lambda/consumers/**': { lines: 97, branches: 88, functions: 98 },
      },
    },
  },
});
