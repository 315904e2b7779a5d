import { spawnSync } from 'node:child_process';

/**
 * Whether the commit that is checked out is one of origin/main's, which a tag need not be.
 * @param folder of the checkout. A shallow one does not have what it takes to say yes.
 * @returns undefined: git knows no origin/main, or is not there.
 */
export function isOnMain(folder: string): boolean | undefined {
  const { status } = spawnSync('git', ['merge-base', '--is-ancestor', 'HEAD', 'refs/remotes/origin/main'], {
    cwd: folder,
    stdio: 'ignore',
  });
  // git's own codes; 128 and others are failures.
  if (status === 0) return true;
  return status === 1 ? false : undefined;
}
