/** The CDK's packages are optional for who runs the command alone: what says so to who deploys, and with which versions. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, test } from 'vitest';
import { runCommand, temporaryFolder } from '../e2e/command.ts';
import { builtPackage } from '../support/gateway.ts';

/** As they are installed here. */
const INSTALL = `npm install ${['aws-cdk-lib', 'constructs', 'aws-cdk'].map((name) => `${name}@${versionOf(name)}`).join(' ')}`;

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as {
    version: string;
  };
  return version;
}

/** The built package where no folder above has the CDK. */
async function alone(): Promise<string> {
  const folder = await temporaryFolder();
  cpSync(fileURLToPath(await builtPackage()), folder, { recursive: true });
  return folder;
}

function synth(folder: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist/bin/app.js')], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test.each([
  ['new', []],
  ['existing', ['--rest-api-id', 'a1b2c3d4e5', '--stage', 'prod']],
] as const)('init for a %s API says what to install before what needs it', async (_, more) => {
  const config = join(await temporaryFolder(), 'authorizer.config.yml');
  const { stderr } = await runCommand('init', '--generate-secret', '--config', config, ...more);
  const lines = stderr.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => line.startsWith('npx cdk deploy --app '));
  expect(lines[at - 1]).toBe(INSTALL);
});

it("init in the package's own folder, which has them, says nothing of it", async () => {
  const folder = await alone();
  const init = ['dist/bin/jwt-authorizer.js', 'init', '--generate-secret', '--yes'];
  const { stderr } = spawnSync(process.execPath, init, { cwd: folder, encoding: 'utf8' });
  expect(stderr).toMatch(/^ {2}npx cdk deploy$/m);
  expect(stderr).not.toContain('npm install');
});

it('the CDK app without them is one line with that remedy, and with one of them it names the other', async () => {
  const folder = await alone();
  const neither = synth(folder);
  expect({ status: neither.status, stdout: neither.stdout }).toEqual({ status: 1, stdout: '' });
  expect(neither.stderr).toBe(
    `error: aws-cdk-lib and constructs not found; install what the CDK takes: ${INSTALL}\n`,
  );
  const half = join(folder, 'node_modules/aws-cdk-lib');
  mkdirSync(half, { recursive: true });
  writeFileSync(join(half, 'index.js'), '');
  expect(synth(folder).stderr).toMatch(/^error: constructs not found; .*\n$/);
});

it('the CDK app with them goes on to the configuration', async () => {
  const folder = fileURLToPath(await builtPackage());
  const { status, stderr } = synth(folder);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^authorizer\.config\.yml: 1 problem\n/);
});
