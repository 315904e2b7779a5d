/** Files of the repository that are written by a program, or by a test: what is generated, documented, pinned. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OutputNote } from './records.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['docs', 'schema', 'lib', 'lambda', 'bin'];
const WRITTEN = /\.(?:snap|json|md|ya?ml|ts)$/;

/** @param root the repository's; a folder of its that is not there has none. */
export async function writtenFiles(root = ROOT): Promise<OutputNote[]> {
  const all = [
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'authorizer.config.yml',
    'cdk.json',
  ];
  const files = all.filter((file) => existsSync(join(root, file)));
  for (const folder of FOLDERS) files.push(...(await below(root, folder)));
  for (const name of await below(root, 'test')) if (/\.(?:snap|json)$/.test(name)) files.push(name);
  return Promise.all(
    files.map(async (file) => ({
      sink: 'file' as const,
      ...{ by: file, origin: file },
      text: await readFile(join(root, file), 'utf8'),
    })),
  );
}

async function below(root: string, folder: string): Promise<string[]> {
  if (!existsSync(join(root, folder))) return [];
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && WRITTEN.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules/'));
}
