import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packageFile } from './package-files.ts';

/** What the app loads. */
const LOADED = ['aws-cdk-lib', 'constructs'] as const;

/**
 * The line that installs what `cdk deploy` takes, in the versions that were tested together. The CDK's command reads what
 * `aws-cdk-lib` of its own time wrote, and refuses a later one's, and its next major version this one's.
 */
export function installCdk(): string {
  const { devDependencies } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  return `npm install ${[...LOADED, 'aws-cdk'].map((name) => `${name}@${devDependencies[name]}`).join(' ')}`;
}

/** What the app loads and cannot find. They are optional for who runs the command alone. */
export function missingCdkPackages(): readonly string[] {
  const { resolve } = createRequire(import.meta.url);
  return LOADED.filter((name) => {
    try {
      resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}
