/** What a user of the package runs: what is in the bundles, and the optional dependencies with all that they need. */
import { readFileSync } from 'node:fs';
import { idOf } from './bundled-packages.ts';

export interface Locked {
  readonly name: string;
  readonly version: string;
  /** What its maker says to those who install it still. */
  readonly deprecated?: string;
}

type LockFile = Readonly<
  Record<
    string,
    {
      readonly version?: string;
      readonly deprecated?: string;
      readonly dependencies?: Readonly<Record<string, string>>;
      readonly optionalDependencies?: Readonly<Record<string, string>>;
    }
  >
>;

/** @throws when docs/bundles.json and the lock file do not go together. */
export function shippedPackages(): readonly Locked[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: LockFile };
  const bundles = JSON.parse(readFileSync('docs/bundles.json', 'utf8')) as Record<string, string[]>;
  const bundled = new Set(Object.values(bundles).flat());
  const shipped = new Map<string, Locked>();
  const add = (path: string) => {
    const one = lockedAt(packages, path);
    shipped.set(idOf(one), one);
  };
  for (const path of Object.keys(packages)) if (bundled.has(idOf(lockedAt(packages, path)))) add(path);
  for (const id of bundled)
    if (!shipped.has(id)) throw new Error(`${id} is in docs/bundles.json and not in package-lock.json`);
  for (const path of neededBy(packages, Object.keys(packages['']?.optionalDependencies ?? {}))) add(path);
  return [...shipped.values()];
}

function lockedAt(packages: LockFile, path: string): Locked {
  const { version = '', deprecated } = packages[path] ?? {};
  const name = path.replace(/^.*node_modules\//, '');
  return { name, version, ...(deprecated !== undefined && { deprecated }) };
}

/** The places in the lock file of packages and of all that they need. */
function neededBy(packages: LockFile, names: readonly string[]): ReadonlySet<string> {
  const needed = new Set<string>();
  const visit = (from: string, name: string): void => {
    const path = resolved(packages, from, name);
    if (path === undefined || needed.has(path)) return;
    needed.add(path);
    const { dependencies, optionalDependencies } = packages[path] ?? {};
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(path, next);
  };
  for (const name of names) visit('', name);
  return needed;
}

/** As Node.js looks: beside what asks, then further up. */
function resolved(packages: LockFile, from: string, name: string): string | undefined {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (path in packages) return path;
  if (from === '') return undefined;
  return resolved(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}
