/** Which packages of others are in what is built, as esbuild tells it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier. */
  readonly licence: string;
  /** The texts of its licence and notice files, as they are. */
  readonly texts: readonly string[];
}

/** By the folder in `dist`: the packages that have a byte in it, in the order of their names. */
export type Bundles = ReadonlyMap<string, readonly BundledPackage[]>;

type Outputs = Readonly<
  Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>
>;

const FOLDER = /^dist\/(?:lambda\/[^/]+|[^/]+)/;
const PACKAGE = /^(.*\/?node_modules\/((?:@[^/]+\/)?[^/]+))\//;

export function bundledPackages(): Bundles {
  const folders = new Map<string, Map<string, BundledPackage>>();
  for (const [output, { inputs }] of Object.entries(builtOutputs())) {
    const [folder = output] = FOLDER.exec(output) ?? [];
    const packages = folders.get(folder) ?? new Map<string, BundledPackage>();
    folders.set(folder, packages);
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const [, root] = PACKAGE.exec(input) ?? [];
      if (root === undefined || bytesInOutput === 0 || packages.has(root)) continue;
      packages.set(root, readPackage(root));
    }
  }
  const sorted = [...folders].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(
    sorted.map(([folder, packages]) => [
      folder,
      [...packages.values()].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1)),
    ]),
  );
}

export const idOf = ({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string =>
  `${name}@${version}`;

function builtOutputs(): Outputs {
  const folder = mkdtempSync(join(tmpdir(), 'bundled-'));
  try {
    const file = join(folder, 'metafile.json');
    execFileSync(process.execPath, ['scripts/build.mjs', '--metafile', file]);
    return JSON.parse(readFileSync(file, 'utf8')) as Outputs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPackage(root: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  return { name, version, licence: license ?? 'none', texts: textsIn(root) };
}

const LEGAL = /^(?:licen[cs]e|notice|copying)(?:[.-].*)?$/i;

function textsIn(root: string): string[] {
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && LEGAL.test(entry.name),
  );
  return files
    .map(({ name }) => name)
    .sort()
    .map((name) => readFileSync(join(root, name), 'utf8').replaceAll('\r\n', '\n').trim());
}
