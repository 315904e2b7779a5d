import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { checkSecretsFolder, prepareSecretsFolder } from './secrets-folder.ts';

export interface OutputFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** Readable by the user alone, in a folder that git ignores. */
  readonly isSecret: boolean;
}

/** How what is there compares: `exposed` is the same, and readable by others; `foreign` is no file, and stays. */
export type FileState = 'absent' | 'same' | 'exposed' | 'different' | 'foreign';

const OTHERS = 0o077;

/** @throws Error of the file system, where a file is there and cannot be read. */
export function stateOf({ path, content, isSecret }: OutputFile): FileState {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return 'absent';
  if (!there.isFile()) return 'foreign';
  if (there.size !== content.length || !readFileSync(path).equals(content)) return 'different';
  return isSecret && (there.mode & OTHERS) !== 0 ? 'exposed' : 'same';
}

/** @throws UnfitFolder where no secret may be written; Error of the file system. */
export function checkPlaces(files: readonly OutputFile[]): void {
  for (const { path } of files.filter(({ isSecret }) => isSecret)) checkSecretsFolder(dirname(path));
}

/**
 * Writes all of the files or, as far as that is in our hands, none: they are written under other names first,
 * and given their own when all are there, secrets before what refers to them.
 * @throws UnfitFolder; Error of the file system.
 */
export function writeFiles(files: readonly OutputFile[]): void {
  const ordered = [...files].sort((a, b) => Number(b.isSecret) - Number(a.isSecret));
  const drafts: string[] = [];
  try {
    for (const { path, content, isSecret } of ordered) {
      if (isSecret) prepareSecretsFolder(dirname(path));
      else makeFolder(dirname(path));
      const draft = `${path}.${process.pid}.draft`;
      // `wx`: whoever put a link there does not get the secret.
      writeFileSync(draft, content, { mode: isSecret ? 0o600 : 0o666, flag: 'wx' });
      drafts.push(draft);
    }
    for (const [i, { path }] of ordered.entries()) renameSync(drafts[i] ?? '', path);
  } finally {
    for (const draft of drafts) rmSync(draft, { force: true });
  }
}
