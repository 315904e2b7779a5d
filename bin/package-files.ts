import { existsSync } from 'node:fs';

/** The package's own folder: above `bin/` in the sources, above `dist/bin/` when built. */
function packageFolder(): URL {
  const above = new URL('../', import.meta.url);
  return existsSync(new URL('package.json', above)) ? above : new URL('../', above);
}

/** A file of this package. @param path relative to it, such as `package.json`. */
export function packageFile(path: string): URL {
  return new URL(path, packageFolder());
}

/** The function as it is deployed. */
export function authorizerBundle(): URL {
  return packageFile('dist/lambda/authorizer/index.mjs');
}
