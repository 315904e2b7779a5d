import { CommandFailure } from '../consumers/failure.ts';
import { type DataFolder, lookIntoDataFolder, NotMade } from '../local/data-folder.ts';
import { openLocalKeys } from '../local/local-keys.ts';
import { type Finding, findingsIn } from './finding.ts';

const { saying } = findingsIn('keys');

/** A data folder as doctor looks at it. */
export interface FolderLook {
  /** Undefined where no run would use it. It may not exist yet. */
  readonly folder: DataFolder | undefined;
  /** Only what is wrong: what was kept is told of by who needs it. */
  readonly findings: readonly Finding[];
}

/** Whether a local run could use the folder, and the key pair that every run opens in it. */
export function lookAtDataFolder(path: string): FolderLook {
  let folder: DataFolder | undefined;
  try {
    folder = lookIntoDataFolder(path);
    openLocalKeys(folder);
    return { folder, findings: [] };
  } catch (error) {
    if (error instanceof NotMade) return { folder, findings: [] };
    if (!(error instanceof CommandFailure)) throw error;
    return { folder, findings: [saying('problem', 'data_folder', error.message)] };
  }
}
