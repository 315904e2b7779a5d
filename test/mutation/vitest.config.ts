import { defineConfig } from 'vitest/config';

/** The tests of the part that is changed, and no others: what they alone must notice. */
const area = process.env['MUTATED_AREA'] ?? '';

export default defineConfig({
  test: {
    include: [`test/${area}/**/*.test.ts`],
    // They look at what is built, which nothing is changed in.
    exclude: ['test/authorizer/bundle.test.ts', 'test/config/retired-options-told.test.ts'],
    // Changed code is slower, and so is a machine with other things to do; a loop without end is Stryker's to break off.
    testTimeout: 600_000,
  },
});
