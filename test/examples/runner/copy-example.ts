import { cpSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderOf } from './examples.ts';

/** An example in a folder of its own, with the packages that lie in `work`. @returns the folder. */
export function copyExample(name: string, work: string): string {
  const folder = join(work, name);
  const isSource = (path: string) => !['node_modules', 'cdk.out'].includes(basename(path));
  cpSync(folderOf(name), folder, { recursive: true, filter: isSource });
  symlinkSync(join(work, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
