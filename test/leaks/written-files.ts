/** Files of the repository that are written by a program, or by a test: what is generated, documented, pinned. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { OutputNote } from './records.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['docs', 'schema', 'lib', 'lambda', 'bin'];
const WRITTEN = /\.(?:snap|json|md|ya?ml|ts)$/;

export async function writtenFiles(): Promise<OutputNote[]> {
  const files = [
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'authorizer.config.yml',
    'cdk.json',
  ];
  for (const folder of FOLDERS) files.push(...(await below(folder)));
  for (const name of await below('test')) if (/\.(?:snap|json)$/.test(name)) files.push(name);
  return Promise.all(
    files.map(async (file) => ({
      sink: 'file' as const,
      ...{ by: file, origin: file },
      text: await readFile(`${ROOT}/${file}`, 'utf8'),
    })),
  );
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(`${ROOT}/${folder}`, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && WRITTEN.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replace(/^\//, ''))
    .filter((path) => !path.includes('node_modules/'));
}
