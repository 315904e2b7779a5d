import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..');
/** The one that has the header is the first of these that is there. */
const MAIN_FILES = ['app.ts', 'authorizer.config.yml'];

export const folderOf = (name: string): string => join(FOLDER, name);

/** Undefined where the folder is no example. */
const find = (name: string): string | undefined =>
  MAIN_FILES.map((file) => join(FOLDER, name, file)).find((file) => existsSync(file));

/** Each has a folder of its own. */
export const exampleNames = (): readonly string[] =>
  readdirSync(FOLDER).filter((name) => find(name) !== undefined);

/** The file with the header. */
export function mainFileOf(name: string): string {
  const file = find(name);
  if (file === undefined) throw new Error(`${name} has neither ${MAIN_FILES.join(' nor ')}`);
  return file;
}
