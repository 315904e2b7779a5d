/** Every page of the documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths from the root: the pages at the root, then those of docs/ in the order of their names. */
export function pages(): readonly string[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name.endsWith('.md'))
    .map((each) => relative(ROOT, join(each.parentPath, each.name)));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inDocs.sort()];
}

export const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
