import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { DataFolderInUse } from '../local/embedded-table.ts';
import { levelFailureOf } from '../local/level-failure.ts';
import { makeFolder } from '../make-folder.ts';
import { CommandFailure } from './failure.ts';
import { findGateway } from './running-gateway.ts';

export type Release = () => Promise<void>;

const POLL_MS = 50;

/**
 * Makes this process the owner of a data folder's table, before it is opened: of two that open it at once,
 * the embedded DynamoDB would end one in the middle. A LevelDB of its own is the lock: the system takes it
 * back from a process that was killed.
 * @returns undefined when another process is the owner.
 * @throws CommandFailure where something else lies in its place.
 */
export async function lockTable(folder: string): Promise<Release | undefined> {
  const path = join(folder, 'lock');
  makeFolder(path, 0o700);
  const lock = new ClassicLevel(path);
  try {
    await lock.open();
    return () => lock.close();
  } catch (error) {
    const failure = levelFailureOf(error);
    if (failure.kind === 'in use') return undefined;
    const reason = failure.kind === 'damaged' ? 'it is damaged' : failure.reason;
    throw new CommandFailure(`${path} cannot be opened (${reason}); remove it, it holds no data`, {
      cause: error,
    });
  }
}

/**
 * The same for a gateway, which waits for a command that is at work, but not for another gateway.
 * @throws DataFolderInUse, CommandFailure
 */
export async function holdTable(folder: string, patienceMs = 5_000): Promise<Release> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const release = await lockTable(folder);
    if (release !== undefined) return release;
    if (findGateway(folder) !== undefined || Date.now() > deadline) {
      throw new DataFolderInUse(
        `${folder} is in use by another run; stop it, or give another folder with --data`,
      );
    }
    await sleep(POLL_MS);
  }
}
