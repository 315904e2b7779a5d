import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface OutputFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** Readable by the user alone, in a folder that git ignores. */
  readonly isSecret: boolean;
}

/** How what is there compares: `exposed` is the same, and readable by others. */
export type FileState = 'absent' | 'same' | 'exposed' | 'different';

const OTHERS = 0o077;
const IGNORE_ALL = '*\n';

/** @throws Error of the file system, where a file is there and cannot be read. */
export function stateOf({ path, content, isSecret }: OutputFile): FileState {
  let there: Buffer;
  try {
    there = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
    throw error;
  }
  if (!there.equals(content)) return 'different';
  return isSecret && (statSync(path).mode & OTHERS) !== 0 ? 'exposed' : 'same';
}

/**
 * Writes all of the files or, as far as that is in our hands, none: they are written under other names first,
 * and given their own when all are there, secrets before what refers to them.
 * @throws Error of the file system.
 */
export function writeFiles(files: readonly OutputFile[]): void {
  const ordered = [...files].sort((a, b) => Number(b.isSecret) - Number(a.isSecret));
  const drafts = ordered.map(({ path }) => `${path}.${process.pid}.draft`);
  try {
    for (const [i, file] of ordered.entries()) {
      prepareFolder(file);
      // `wx`: whoever put a link there does not get the secret.
      writeFileSync(drafts[i] ?? '', file.content, { mode: file.isSecret ? 0o600 : 0o666, flag: 'wx' });
    }
    for (const [i, { path }] of ordered.entries()) renameSync(drafts[i] ?? '', path);
  } finally {
    for (const draft of drafts) rmSync(draft, { force: true });
  }
}

function prepareFolder({ path, isSecret }: OutputFile): void {
  const folder = dirname(path);
  if (!isSecret) {
    mkdirSync(folder, { recursive: true });
    return;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  writeFileSync(`${folder}/.gitignore`, IGNORE_ALL, { mode: 0o600 });
}
