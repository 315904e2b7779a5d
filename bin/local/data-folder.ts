import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CommandFailure } from '../consumers/failure.ts';

/** Where local runs keep the table and the keys: readable by the user alone. */
export interface DataFolder {
  readonly path: string;
  /** A file's content; made by `make`, and kept, where it does not exist yet. */
  keep(name: string, make: () => string): string;
  /** Removes the folder if it was to last for this run only. */
  close(): void;
}

/** @param path of the folder; made where it does not exist. @throws CommandFailure when it cannot be. */
export function openDataFolder(path: string): DataFolder {
  try {
    return openFolder(resolve(path));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unusable';
    throw new CommandFailure(`the data folder ${path} cannot be used (${reason}); give another with --data`);
  }
}

function openFolder(path: string): DataFolder {
  makeFolder(path);
  chmodSync(path, 0o700);
  const keep = keepIn(path);
  // The folder may lie in somebody's repository, and holds keys.
  keep('.gitignore', () => '*\n');
  return { path, keep, close: () => undefined };
}

/** Not `recursive`: Node tries forever where a file system takes no folders and says ENOENT (`/proc`). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isThere(error)) throw error;
  }
}

/** A folder that goes with this run. */
export function openEphemeralFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'jwt-authorizer-'));
  return { path, keep: keepIn(path), close: () => rmSync(path, { recursive: true, force: true }) };
}

function keepIn(folder: string): DataFolder['keep'] {
  return (name, make) => {
    const path = join(folder, name);
    // Of two runs that begin at once, one writes and the other reads what was written.
    if (!existsSync(path)) writeOnce(path, make());
    return readFileSync(path, 'utf8');
  };
}

/** Whole or not at all: a kill in between leaves nothing that a later run would take for a key. */
function writeOnce(path: string, content: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isThere(error)) throw error;
  } finally {
    rmSync(draft);
  }
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';
