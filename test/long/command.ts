/** The built command as a process of its own: fed from a file, watched, killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, openSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { builtPackage, closeAtEnd } from '../support/gateway.ts';

/** What a process has in memory, in MB. */
export interface Sample {
  readonly atMs: number;
  /** Lines that it has written to stdout. */
  readonly lines: number;
  readonly rss: number;
  /** Without the files that are mapped into it, which are the system's cache of the table. */
  readonly own: number;
}

export interface Ran {
  readonly code: number | null;
  readonly seconds: number;
  /** The last line of stderr: with --json the summary. */
  readonly said: string;
  readonly samples: readonly Sample[];
}

export interface RunOptions {
  readonly stdin?: string;
  /** Where stdout goes. Each line of it is of the same length. */
  readonly out: string;
  /** So many lines of stdout, and it is killed. */
  readonly killAt?: number;
}

const EVERY_MS = 250;

export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'long-'));
  closeAtEnd({ close: () => rm(path, { recursive: true, force: true }) });
  return path;
}

export async function spawnCommand(args: readonly string[], stdio: readonly ('ignore' | 'pipe' | number)[]) {
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  const child = spawn(process.execPath, [command, ...args], { stdio: [...stdio] });
  closeAtEnd({ close: async () => void child.kill('SIGKILL') });
  return child;
}

export async function run(args: readonly string[], { stdin, out, killAt }: RunOptions): Promise<Ran> {
  const input = stdin === undefined ? ('ignore' as const) : openSync(stdin, 'r');
  const started = Date.now();
  const child = await spawnCommand(args, [
    input,
    openSync(out, 'w', 0o600),
    openSync(`${out}.err`, 'w', 0o600),
  ]);
  const ended = once(child, 'close');
  const samples: Sample[] = [];
  while (child.exitCode === null && child.signalCode === null) {
    const lines = await linesSoFar(out);
    const memory = await memoryOf(child.pid);
    if (memory !== undefined) samples.push({ atMs: Date.now() - started, lines, ...memory });
    if (killAt !== undefined && lines >= killAt) child.kill('SIGKILL');
    await Promise.race([ended, sleep(killAt === undefined ? EVERY_MS : EVERY_MS / 10)]);
  }
  await ended;
  const said = (await readFile(`${out}.err`, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  return { code: child.exitCode, seconds: (Date.now() - started) / 1000, said, samples };
}

/** In MB; undefined where the system does not say it (Linux does), or the process is gone. */
export async function memoryOf(pid = 0): Promise<{ readonly rss: number; readonly own: number } | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [rss, own] = ['VmRSS', 'RssAnon'].map((name) => {
    const [, kB] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text) ?? [];
    return kB === undefined ? undefined : Number(kB) / 1024;
  });
  return rss === undefined || own === undefined ? undefined : { rss, own };
}

const TICKS_A_SECOND = 100;

/** The CPU time that a process has had; undefined where the system does not say it (Linux does), or it is gone. */
export async function cpuSecondsOf(pid = 0): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // What stands before the parenthesis may hold spaces. proc(5): utime and stime are the 14th and 15th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? undefined : ticks / TICKS_A_SECOND;
}

let [measured, lineBytes] = ['', 0];

async function linesSoFar(path: string): Promise<number> {
  const { size } = statSync(path);
  if (size === 0) return 0;
  if (measured !== path) {
    const [first = ''] = (await readFile(path, 'utf8')).split('\n');
    [measured, lineBytes] = [path, first.length + 1];
  }
  return Math.floor(size / lineBytes);
}

/** All lines of a file that may be long. */
export async function readLines(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) lines.push(line);
  return lines;
}

/** @param lineOf a number from 0. @returns the path of a file with so many lines. */
export async function linesFile(path: string, count: number, lineOf: (index: number) => object | string) {
  if (existsSync(path)) return path;
  const lines = Array.from({ length: count }, (_, index) => JSON.stringify(lineOf(index)));
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** A figure, for docs/figures.md. */
export function report(what: string, figure: string): void {
  process.stdout.write(`    ${what}: ${figure}\n`);
}
