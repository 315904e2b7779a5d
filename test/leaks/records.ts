/** What the processes of a run noted, read back. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretKind, Sink } from './watch/notes.mjs';

export interface SecretNote {
  readonly kind: SecretKind;
  readonly hex: string;
  /** What a signature signs: a token's header and payload as they are written. */
  readonly input?: string;
}

export interface OutputNote {
  readonly sink: Sink | 'file';
  /** Who wrote it: a file, a package, a function of a bundle. */
  readonly by: string;
  readonly text: string;
  /** The test file or the command line. */
  readonly origin: string;
}

/** @returns the lines of all files of one kind. A process that was killed may have left half a line at a file's end. */
async function linesOf(folder: string, kind: 'secrets' | 'outputs'): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${kind}-`)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    for (const line of text.split('\n')) if (line.endsWith('}')) lines.push(line);
  }
  return lines;
}

export async function readSecrets(folder: string): Promise<SecretNote[]> {
  // Many processes note the same key.
  return [...new Set(await linesOf(folder, 'secrets'))].map((line) => JSON.parse(line) as SecretNote);
}

export async function readOutputs(folder: string): Promise<OutputNote[]> {
  const byText = new Map<string, OutputNote>();
  for (const line of await linesOf(folder, 'outputs')) {
    const note = JSON.parse(line) as OutputNote;
    const key = `${note.sink} ${note.by} ${note.text}`;
    if (!byText.has(key)) byText.set(key, note);
  }
  return [...byText.values()];
}
