/** Packages that are installed beside the project, below `.ci/tools`, when they are first needed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/**
 * Runs no install scripts.
 * @param name of the folder. @returns the folder, with `node_modules` in it. @throws Error when npm cannot install.
 */
export function installBeside(name: string, manifest: Manifest): string {
  const folder = resolve(import.meta.dirname, '../../.ci/tools', name);
  const text = JSON.stringify({ private: true, ...manifest }, null, 2);
  // Made at the end: what an interrupted installation leaves behind does not count.
  const done = join(folder, `installed-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`);
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), text);
  npm(['install', '--no-package-lock', '--ignore-scripts', '--prefix', folder]);
  writeFileSync(done, '');
  return folder;
}

/** Says nothing but what goes wrong. @param env beside the process's own. @throws Error when it fails. */
export function npm(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  execFileSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
