/** One part of the code and its own tests: `MUTATED_AREA` says which. */
const area = process.env['MUTATED_AREA'] ?? '';
const only = process.env['MUTATED_FILES']?.split(',').map((name) => `lambda/${area}/${name}.ts`);

export default {
  packageManager: 'npm',
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
  mutate: only ?? [`lambda/${area}/**/*.ts`],
  // What a change of one line cannot reach need not be copied.
  ignorePatterns: [
    '.ci',
    'dist*',
    'docs',
    'coverage',
    'cdk.out',
    'test/bench',
    'test/express-gateway',
    'test/long',
  ],
  tempDirName: '.ci/tools/mutation',
  incremental: true,
  incrementalFile: `.ci/tools/mutation-${area}.json`,
  coverageAnalysis: 'perTest',
  // Changes of what is evaluated once, when a file is loaded, need all tests anew; they count all the same. But for the
  // configuration, whose schema and tables are a thousand of these, at half a minute each: run.ts tries them in a copy.
  ignoreStatic: area === 'config',
  concurrency: Number(process.env['MUTATION_WORKERS'] ?? 2),
  // A change that loops without end costs as much; what belongs to one takes a second or two, and on a busy machine some more.
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 30,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: `.ci/tools/mutants-${area}.json` },
  thresholds: { high: 95, low: 90, break: 90 },
  allowEmpty: false,
};
