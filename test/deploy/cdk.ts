import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { folder } from './support.ts';

/** The configuration of a stack of ours. */
export const configOf = (stack: string): string => join(folder, `${stack}.yml`);

/** Deploys a stack again, with a changed configuration file. */
export async function deployWith(stack: string, change: (file: string) => string): Promise<void> {
  await deploy(stack, change(readFileSync(configOf(stack), 'utf8')));
}

/**
 * Deploys a stack of ours.
 * @param config the configuration file.
 * @throws Error with what `cdk` said.
 */
export async function deploy(stack: string, config: string): Promise<void> {
  writeFileSync(configOf(stack), config);
  const outputs = ['--outputs-file', join(folder, `${stack}.json`)];
  await cdk(['deploy', '--require-approval', 'never', ...outputs, ...contextOf(stack)]);
}

/** @throws Error with what `cdk` said. */
export async function destroy(stack: string): Promise<void> {
  await cdk(['destroy', '--force', ...contextOf(stack)]);
}

/** Destroys a stack that is not ours, as run.sh has made it. */
export async function destroyForeign(stack: string): Promise<void> {
  const values = [`stackNames=${stack}`, 'upstream=http://127.0.0.1'];
  const context = values.flatMap((value) => ['--context', value]);
  await cdk(['destroy', '--force', '--app', 'node --import tsx test/deploy/foreign/app.ts', ...context]);
}

function contextOf(stack: string): string[] {
  const values = [`config=${configOf(stack)}`, `stackName=${stack}`, 'monitoring=false'];
  return values.flatMap((value) => ['--context', value]);
}

async function cdk(args: readonly string[]): Promise<void> {
  const all = [...args, '--no-notices', '--output', join(folder, 'cdk.out')];
  const { status, stdout, stderr } = await runProgram('node_modules/.bin/cdk', all);
  if (status !== 0) throw new Error(`cdk ${args[0]} ended with ${status}: ${stdout}${stderr}`);
}
