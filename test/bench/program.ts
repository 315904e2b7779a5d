import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './model.ts';
import type { BenchTable } from './table.ts';
import { ROOT } from './tools.ts';

/** What a measured process is told of the table. */
export const environmentOf = ({ environment, name, endpoint }: BenchTable) => ({
  ...environment,
  CREDENTIALS_TABLE: name,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
});

/**
 * Runs a program of this folder on the Node.js that is measured; what the function logs goes nowhere, at the price of
 * writing it.
 * @param args after the first one, which names the file for its results. @param nodeArgs of Node.js itself.
 * @returns what it wrote there. @throws Error when it ends with anything but 0.
 */
export async function runProgram<T>(
  { node, folder }: Pick<Context, 'node' | 'folder'>,
  program: string,
  {
    args,
    env,
    nodeArgs = [],
  }: {
    readonly args: readonly unknown[];
    readonly env: Readonly<Record<string, string>>;
    readonly nodeArgs?: readonly string[];
  },
): Promise<T> {
  const file = join(folder, `${program}.json`);
  const path = join(ROOT, 'test/bench', program);
  const child = spawn(node, [...nodeArgs, path, file, ...args.map(String)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
