import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Lambda loads first; `index.handler` in the function's properties. */
const ENTRY = 'index.mjs';

/** The functions, by their folders in `dist/lambda`, and what messages call them. */
const FUNCTIONS = {
  authorizer: 'authorizer',
  admin: 'Admin API',
  revocation: 'revocation function',
  attachment: 'attachment',
} as const;

/**
 * A function as the build left it. Without a folder of the caller's, it is the same from the sources, from `dist/lib` and
 * from `dist/bin`: found from the package's root, the nearest folder above that has a `package.json`.
 * @param given a folder in its place: `index.mjs` and what that imports.
 * @throws Error when there is no bundle in the folder.
 */
export function bundleIn(given: string | undefined, name: keyof typeof FUNCTIONS): string {
  const folder = given ?? join(packageRoot(), 'dist', 'lambda', name);
  if (!existsSync(join(folder, ENTRY)))
    throw new Error(`no ${ENTRY} in ${folder}; build the ${FUNCTIONS[name]} first (npm run bundle)`);
  return folder;
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/**
 * Puts the bundle and its `config.json` side by side, hands the folder to `use`, and removes it.
 * @param bundleFolder of `bundleIn`.
 * @param runtimeConfig what the function shall read as `config.json`.
 */
export function withStagedBundle<T>(
  bundleFolder: string,
  runtimeConfig: Readonly<Record<string, unknown>>,
  use: (folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'jwt-authorizer-'));
  try {
    cpSync(bundleFolder, folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), `${JSON.stringify(runtimeConfig, null, 2)}\n`);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
