/**
 * `npm run test:leaks`: a run of the tests is watched for leaks. Its processes note what they keep secret and what they let out in a
 * folder (watch/), and when all is over the one is looked for in the other. The folder goes with the run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOutputs, readSecrets } from './records.ts';
import { describeLeaks, findLeaks } from './scan.ts';
import { writtenFiles } from './written-files.ts';

export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['LEAK_WATCH'] !== '1') return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'leak-watch-'));
  process.env['LEAK_WATCH_FOLDER'] = folder;
  return async () => {
    try {
      await scan(folder);
    } finally {
      if (process.env['LEAK_WATCH_KEEP'] === undefined) await rm(folder, { recursive: true, force: true });
    }
  };
}

/** @throws one error with a line for each leak; vitest then ends with exit code 1. */
async function scan(folder: string): Promise<void> {
  const startedMs = Date.now();
  const secrets = await readSecrets(folder);
  const outputs = [...(await readOutputs(folder)), ...(await writtenFiles())];
  const leaks = findLeaks(secrets, outputs);
  const lines = describeLeaks(leaks);
  const characters = outputs.reduce((sum, { text }) => sum + text.length, 0);
  const summary = `${secrets.length} secrets, keys and signatures looked for in ${outputs.length} outputs (${(characters / 1e6).toFixed(1)} MB) in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
  process.stdout.write(`      Leaks  ${lines.length === 0 ? 'none' : lines.length}: ${summary}\n`);
  if (lines.length > 0) throw new Error(`secrets show where they must not:\n${lines.join('\n')}`);
}
