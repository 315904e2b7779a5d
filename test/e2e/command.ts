import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import { builtPackage, type ConfigFile, closeAtEnd } from '../support/gateway.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the signal, or the start, to the end. */
  readonly ms: number;
}

/** What is printed for a person to try. */
export interface Printed {
  /** The `curl` lines with what is said above them. */
  readonly curls: readonly { readonly says: string; readonly line: string }[];
  readonly token: string | undefined;
}

export interface Started extends Printed {
  readonly url: string;
  readonly pid: number | undefined;
  /** What it has printed so far. */
  lines(): readonly string[];
  /** Waits for a line. */
  printed(isWanted: (line: string) => boolean): Promise<string>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'end-to-end-'));
  closeAtEnd({ close: () => rm(path, { recursive: true, force: true }) });
  return path;
}

/** @returns the path of a configuration in a folder of its own. */
export async function configFile(file: ConfigFile | string): Promise<string> {
  const path = join(await temporaryFolder(), 'authorizer.config.yml');
  await writeFile(path, typeof file === 'string' ? file : stringify(file));
  return path;
}

export interface Child {
  readonly pid: number | undefined;
  readonly ended: Promise<Ended>;
  output(): string;
  kill(signal: NodeJS.Signals): void;
  clock(): void;
}

export async function launch(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Child> {
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, since] = ['', '', Date.now()];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr, ms: Date.now() - since }));
  });
  closeAtEnd({ close: async () => child.kill('SIGKILL') });
  return {
    pid: child.pid,
    ended,
    output: () => stdout,
    kill: (signal) => void child.kill(signal),
    clock: () => {
      since = Date.now();
    },
  };
}

/** Runs the command to its end. */
export async function runCommand(...args: readonly string[]): Promise<Ended> {
  return (await launch(args)).ended;
}

/** Starts the gateway on a free port. @returns when it is ready. */
export async function start(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Started> {
  const child = await launch(['start', '--port', '0', '--admin-port', '0', ...args], env);
  const lines = () => child.output().split('\n');
  const early = child.ended.then(({ stdout, stderr }) => {
    throw new Error(`it ended before it was ready:\n${stdout}${stderr}`);
  });
  const printed = (isWanted: (line: string) => boolean) =>
    vi.waitUntil(() => lines().find(isWanted), { interval: 10, timeout: 15_000 });
  const ready = await Promise.race([printed((line) => line.startsWith('ready: ')), early]);
  early.catch(() => undefined);
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(ready)?.[0] ?? '',
    pid: child.pid,
    lines,
    printed,
    ...readPrinted(lines()),
    stop: (signal = 'SIGTERM') => {
      child.clock();
      child.kill(signal);
      return child.ended;
    },
  };
}

export function readPrinted(lines: readonly string[]): Printed {
  return {
    curls: lines.flatMap((line, i) => (line.startsWith('curl ') ? [{ says: lines[i - 1] ?? '', line }] : [])),
    token: lines.find((line) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(line)),
  };
}

/** Runs a line in bash as it stands. @returns the status that curl printed, and the body. */
export function runLine(line: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', line], { timeout: 10_000 }, (error, stdout) => {
      if (error) reject(error);
      const [head = '', body = ''] = stdout.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), body });
    });
  });
}

/** Runs every printed line. @returns what each said it would give, and what it gave. */
export function runCurls({ curls }: Printed) {
  return Promise.all(
    curls.map(async ({ says, line }) => ({ says: Number(says.slice(0, 3)), ...(await runLine(line)) })),
  );
}
