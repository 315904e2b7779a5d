/** What the CDK runs: the stack (synth.ts), or what to install first. */
import { installCdk, missingCdkPackages } from './cdk-packages.ts';

const missing = missingCdkPackages();
if (missing.length === 0) await import('./synth.ts');
else {
  process.stderr.write(
    `error: ${missing.join(' and ')} not found; install what the CDK takes: ${installCdk()}\n`,
  );
  process.exitCode = 1;
}
