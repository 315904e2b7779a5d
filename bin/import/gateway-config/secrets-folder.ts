import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere, makeFolder } from '../../make-folder.ts';
import { readRegularFile } from './regular-file.ts';

const OTHERS = 0o077;
const IGNORE_ALL = '*\n';
const MOST_BYTES = 65_536;

/** Why no secret may be put into a folder: it is another's place, or git would take what is in it. */
export class UnfitFolder extends Error {
  override readonly name = 'UnfitFolder';
}

/**
 * Looks, and changes nothing.
 * @throws UnfitFolder; Error of the file system.
 */
export function checkSecretsFolder(folder: string): void {
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory()) throw new UnfitFolder(`${folder} is no folder but a link or a file`);
  checkOwner(folder, there.uid);
  checkIgnored(folder);
}

/**
 * Makes it, for the user alone, and has git ignore it. What is there and does so is left as it is.
 * @throws UnfitFolder; Error of the file system.
 */
export function prepareSecretsFolder(folder: string): void {
  checkSecretsFolder(folder);
  makeFolder(folder, 0o700);
  closeToOthers(folder);
  try {
    // `wx`: neither through a link nor over what somebody has written.
    writeFileSync(join(folder, '.gitignore'), IGNORE_ALL, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!isThere(error)) throw error;
  }
  checkIgnored(folder);
}

/** By its descriptor, so that it is the folder itself and no link in its place. */
function closeToOthers(folder: string): void {
  const opened = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(opened);
    checkOwner(folder, uid);
    if ((mode & OTHERS) !== 0) fchmodSync(opened, 0o700);
  } finally {
    closeSync(opened);
  }
}

function checkOwner(folder: string, uid: number): void {
  const own = process.geteuid?.();
  if (own !== undefined && uid !== own) throw new UnfitFolder(`${folder} belongs to another user`);
}

/** @throws UnfitFolder where a .gitignore is there that does not surely ignore everything beside it. */
function checkIgnored(folder: string): void {
  const path = join(folder, '.gitignore');
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  // Git does not follow a link of this name.
  const lines = there.isFile()
    ? (readRegularFile(path, MOST_BYTES)?.toString('utf8').split(/\r?\n/) ?? [])
    : [];
  const isAll = lines.some((line) => line === '*' || line === '/*');
  if (isAll && lines.every((line) => !line.startsWith('!') || line === '!.gitignore')) return;
  throw new UnfitFolder(`${path} does not ignore every file beside it; give it the line * and no exceptions`);
}
