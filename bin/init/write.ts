import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandFailure } from '../consumers/failure.ts';
import { isThere, makeFolder } from '../make-folder.ts';

/**
 * Writes a file whole or not at all.
 * @param mayReplace whether one that is there gives way; without, none does, not even one that came up meanwhile.
 * @throws CommandFailure
 */
export function writeNewFile(path: string, text: string, mayReplace: boolean): void {
  const draft = `${path}.${process.pid}.draft`;
  try {
    makeFolder(dirname(path));
    rmSync(draft, { force: true });
    // `wx`: a link that somebody puts there meanwhile is not written through.
    writeFileSync(draft, text, { flag: 'wx' });
    // Unlike a rename, a link fails where there is something.
    if (mayReplace) renameSync(draft, path);
    else linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (isThere(error) && !mayReplace) throw alreadyThere(path);
    throw new CommandFailure(`${path} cannot be written (${String(error.code)})`);
  } finally {
    rmSync(draft, { force: true });
  }
}

export const alreadyThere = (path: string): CommandFailure =>
  new CommandFailure(
    `${path} is there already; nothing was written. Give --dry-run to compare, --config FILE for another name, or --force to replace it`,
  );
