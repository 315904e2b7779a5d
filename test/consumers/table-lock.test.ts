/** The lock of a data folder, and what may lie in its place. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandFailure } from '../../bin/consumers/failure.ts';
import { holdTable, lockTable } from '../../bin/consumers/table-lock.ts';
import { temporaryFolder } from '../e2e/command.ts';

const damages: readonly (readonly [string, (lock: string) => Promise<unknown>])[] = [
  ['an empty CURRENT', (lock) => mkdir(lock).then(() => writeFile(join(lock, 'CURRENT'), ''))],
  ['a folder as LOCK', (lock) => mkdir(join(lock, 'LOCK'), { recursive: true })],
  ['a file', (lock) => writeFile(lock, '')],
];

describe('a damaged lock', () => {
  it.each(damages)('is said to be removed, and is free again then: %s', async (_, damage) => {
    const folder = await temporaryFolder();
    await damage(join(folder, 'lock'));
    for (const take of [lockTable, holdTable]) {
      const failure = await take(folder).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CommandFailure);
      expect(String(failure)).toMatch(/lock cannot be opened \(.+\); remove it/);
    }
    await rm(join(folder, 'lock'), { recursive: true });
    const release = await lockTable(folder);
    expect(release).toBeDefined();
    // One that is held is no damaged one.
    expect(await lockTable(folder)).toBeUndefined();
    await release?.();
  });
});
