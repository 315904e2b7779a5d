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
import { join, resolve } from 'node:path';

/** Where local runs keep the table and the keys: readable by the user alone. */
export interface DataFolder {
  readonly path: string;
  /** A file's content; made by `make`, and kept, where it does not exist yet. */
  keep(name: string, make: () => string): string;
  /** Removes the folder if it was to last for this run only. */
  close(): void;
}

/** @param path of the folder; made where it does not exist. @throws Error when it cannot be. */
export function openDataFolder(path: string): DataFolder {
  const absolute = resolve(path);
  mkdirSync(absolute, { recursive: true, mode: 0o700 });
  chmodSync(absolute, 0o700);
  const keep = keepIn(absolute);
  // The folder may lie in somebody's repository, and holds keys.
  keep('.gitignore', () => '*\n');
  return { path: absolute, keep, close: () => undefined };
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
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
}
