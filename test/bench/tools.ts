/** What the benchmark installs beside the repository's own packages, at its first run. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
const NODE_24 = '24.21.0';

/** The peers of `test/bench/package.json`. */
export function installPeers(): void {
  const folder = join(ROOT, 'test/bench');
  if (existsSync(join(folder, 'node_modules/jose'))) return;
  npm(['install', '--no-package-lock', '--ignore-scripts', '--prefix', folder]);
}

/** The Node.js of Lambda. @returns the binary that npm has for this platform; the tier on Node 24 uses it too. */
export function node24(): string {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(ROOT, '.ci/tools/node24');
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    npm(['install', '--no-save', '--prefix', folder, `${name}@${NODE_24}`]);
  }
  return binary;
}

function npm(args: readonly string[]): void {
  execFileSync('npm', [...args, '--silent', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
