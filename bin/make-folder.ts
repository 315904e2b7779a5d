import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are missing. Not with `recursive`: Node tries forever where a file
 * system takes no folders and says ENOENT (`/proc`).
 * @param mode of each that is made. @default what the user's mask leaves of 0o777
 * @throws Error of the file system.
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isThere(error)) throw error;
  }
}

/** Whether somebody else made it meanwhile. */
export const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';
