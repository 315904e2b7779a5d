import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CommandFailure } from '../consumers/failure.ts';
import { isThere, makeFolder } from '../make-folder.ts';

/** Where local runs keep the table and the keys: readable by the user alone. */
export interface DataFolder {
  readonly path: string;
  /** A file's content; made by `make`, and kept, where it does not exist yet. */
  keep(name: string, make: () => string): string;
  /** Removes the folder if it was to last for this run only. */
  close(): void;
}

/**
 * @param path of the folder; made where it does not exist.
 * @throws CommandFailure when it cannot be, and for a folder that holds something else.
 */
export function openDataFolder(path: string): DataFolder {
  return orUnusable(path, () => openFolder(resolve(path)));
}

function orUnusable<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const reason = codeOf(error) ?? 'unusable';
    throw new CommandFailure(`the data folder ${path} cannot be used (${reason}); give another with --data`);
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** What no run has made yet, in a folder that is only looked at. */
export class NotMade extends Error {
  override readonly name = 'NotMade';
}

/**
 * The folder as it lies: nothing is made, and `keep` throws NotMade for what is not there.
 * @throws CommandFailure for a folder that a run would not use either.
 */
export function lookIntoDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  orUnusable(path, () => {
    if (isMade(folder)) assertUsable(folder);
  });
  const keep = (name: string): string => {
    const file = join(folder, name);
    const isKept = orUnusable(path, () => isMade(file));
    if (!isKept) throw new NotMade(`${file} is not there`);
    return readKept(file);
  };
  return { path: folder, keep, close: () => undefined };
}

/**
 * Whether anything is there, a link that leads nowhere too.
 * @throws Error of the file system where nobody can tell, or where a run could not make it: what it would lie in is no folder.
 */
function isMade(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    if (isMade(dirname(path))) statSync(dirname(path));
    return false;
  }
}

/** A run's `chmod` would be refused; what is looked at is not changed, so the owner is looked at where a run changes it. */
function assertUsable(path: string): void {
  if (shareInUse(path) !== 'all') return;
  const user = process.geteuid?.() ?? 0;
  if (user !== 0 && statSync(path).uid !== user)
    throw new CommandFailure(`the data folder ${path} is another user's; give one of your own with --data`);
}

function openFolder(path: string): DataFolder {
  makeFolder(path, 0o700);
  const keep = keepIn(path);
  if (shareInUse(path) === 'all') {
    chmodSync(path, 0o700);
    // The folder may lie in somebody's repository, and holds keys.
    keep('.gitignore', () => '*\n');
  }
  return { path, keep, close: () => undefined };
}

/** @throws CommandFailure for a folder of which nothing is ours. */
function shareInUse(path: string): 'all' | 'some' {
  const share = shareOf(path);
  if (share !== 'none') return share;
  throw new CommandFailure(
    `the folder ${path} holds something else than the table and the keys, and is left alone; give an empty one with --data, or one that does not exist yet`,
  );
}

/** What is in a data folder: drafts of files (see writeOnce) included. */
const OUR_NAME =
  /^(\.gitignore|demo-private\.pem|demo-public\.pem|demo-secret|secret-\d+)(\.\d+)?$|^(dynamodb|lock|running\.json)$/;
const NAME_OF_ANYONE = /^(dynamodb|lock)$/;

/**
 * How much of a folder is ours. `some`: the data lies among other things, as versions before let it; it is
 * used, and the folder stays as it is.
 */
function shareOf(path: string): 'all' | 'some' | 'none' {
  const names = readdirSync(path);
  // An empty folder that all may write to, such as /tmp, is nobody's own.
  if (names.length === 0) return (statSync(path).mode & 0o1000) === 0 ? 'all' : 'none';
  const hidesAll = isFileOf(join(path, '.gitignore'), '*\n');
  const hasTable = existsSync(join(path, 'dynamodb', 'CURRENT'));
  const isOurs = names.every((name) => OUR_NAME.test(name)) && (hidesAll || !names.includes('.gitignore'));
  if (isOurs && (hasTable || !names.every((name) => NAME_OF_ANYONE.test(name)))) return 'all';
  return hasTable || (hidesAll && names.includes('demo-private.pem')) ? 'some' : 'none';
}

const isFileOf = (path: string, content: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path, 'utf8') === content;

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
    return readKept(path);
  };
}

function readKept(path: string): string {
  try {
    // A pipe would be waited for.
    if (statSync(path).isFile()) return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = codeOf(error) ?? 'unreadable';
    throw new CommandFailure(
      `${path} cannot be read (${reason}); remove it, and the next start makes another`,
    );
  }
  throw new CommandFailure(`${path} is no file; remove it, and the next start makes another`);
}

/** Whole or not at all: a kill in between leaves nothing that a later run would take for a key. */
function writeOnce(path: string, content: string): void {
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  // What lies there meanwhile, a link too, is not written to.
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isThere(error)) throw error;
  } finally {
    rmSync(draft);
  }
}
