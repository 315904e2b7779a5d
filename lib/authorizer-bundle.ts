import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Lambda loads first; `index.handler` in the function's properties. */
const ENTRY = 'index.mjs';

/**
 * A function as the build left it. The same from the sources, from `dist/lib` and from `dist/bin`: it is
 * found from the package's root, the nearest folder above that has a `package.json`.
 */
export function bundleFolderOf(name: 'authorizer' | 'admin' | 'revocation'): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'dist', 'lambda', name);
}

/**
 * Puts the bundle and its `config.json` side by side, hands the folder to `use`, and removes it.
 * @param bundleFolder holds `index.mjs` and what it imports.
 * @param runtimeConfig what the function shall read as `config.json`.
 * @throws Error when there is no bundle in the folder.
 */
export function withStagedBundle<T>(
  bundleFolder: string,
  runtimeConfig: Readonly<Record<string, unknown>>,
  use: (folder: string) => T,
): T {
  if (!existsSync(join(bundleFolder, ENTRY)))
    throw new Error(`no ${ENTRY} in ${bundleFolder}; build the authorizer first (npm run bundle)`);
  const folder = mkdtempSync(join(tmpdir(), 'jwt-authorizer-'));
  try {
    cpSync(bundleFolder, folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), `${JSON.stringify(runtimeConfig, null, 2)}\n`);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
