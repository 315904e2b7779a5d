import { defineConfig } from 'vitest/config';

/** The examples on an emulator of AWS; `run.sh` starts it. */
export default defineConfig({
  test: { include: ['test/examples/runner/deployed.test.ts'], hookTimeout: 150_000 },
});
