/** `jwt-authorizer start` in a process of its own, which can be asked for its memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../../lambda/config/record.ts';
import { configFile } from '../e2e/command.ts';
import { builtPackage, type ConfigFile, closeAtEnd } from '../support/gateway.ts';

const INSIDE = new URL('inside.mjs', import.meta.url).href;
const READY_WITHIN_MS = 60_000;

/** Of the gateway's process, after a collection. */
export interface Sample {
  readonly atMs: number;
  readonly heapMb: number;
  /** What belongs to the heap and is not on it: buffers. */
  readonly externalMb: number;
  readonly rssMb: number;
  /** For so long, since the sample before, it did nothing: the machine had others to serve. */
  readonly longestStallMs: number;
  /** Open files and sockets; undefined where the system does not say it (Linux does). */
  readonly handles: number | undefined;
}

export interface Served {
  readonly url: string;
  /** Absent where nothing is looked up. */
  readonly adminUrl?: string;
  readonly config: string;
  readonly table?: { readonly endpoint: string; readonly tableName: string };
  /** From now on the function reaches the table there. */
  setDoor(port: number): Promise<void>;
  sample(): Promise<Sample>;
  /** Lines of its log so far; those in which something looks like a token. */
  log(): { readonly lines: number; readonly withToken: number };
  isRunning(): boolean;
  /** @returns its exit code. */
  stop(): Promise<number | null>;
}

/** @param file the configuration, as the YAML file has it. */
export async function serveGateway(file: ConfigFile, upstream: string): Promise<Served> {
  const config = await configFile(file);
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  const args = ['start', '--config', config, '--port', '0', '--admin-port', '0', '--upstream', upstream];
  const child = spawn(process.execPath, ['--import', INSIDE, command, ...args], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  closeAtEnd({ close: async () => void child.kill('SIGKILL') });
  const { ready, printed, log } = await untilReady(child);
  const adminUrl = /^Admin API: (\S+)\/users$/m.exec(printed)?.[1];
  const table = adminUrl === undefined ? undefined : await tableOf(join(dirname(config), '.jwt-authorizer'));
  const ask = asker(child);
  return {
    ...{ config, log, url: /http:\/\/127\.0\.0\.1:\d+/.exec(ready)?.[0] ?? '' },
    ...(adminUrl !== undefined && { adminUrl }),
    ...(table !== undefined && { table }),
    setDoor: async (door) => void (await ask({ door })),
    async sample() {
      const usage = await ask({ isMeasuring: true });
      const mb = (name: string) => Number(usage[name]) / 1024 / 1024;
      return {
        ...{ atMs: Date.now(), heapMb: mb('heapUsed'), rssMb: mb('rss') },
        ...{ externalMb: mb('external'), handles: await handlesOf(child.pid) },
        longestStallMs: Math.round(Number(usage['longestStallMs'])),
      };
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

/** The demo tokens are printed before it is ready, and are there to be seen. */
async function untilReady(child: ChildProcess) {
  let [lines, withToken, printed] = [0, 0, ''];
  const reader = createInterface({ input: child.stdout ?? ([] as never) });
  const ready = await new Promise<string>((resolve, reject) => {
    const give = () => reject(new Error(`the gateway did not start:\n${printed}`));
    const timer = setTimeout(give, READY_WITHIN_MS);
    let isReady = false;
    reader.on('line', (line) => {
      if (isReady) {
        lines += 1;
        if (/eyJ[\w-]+\.[\w-]+/.test(line)) withToken += 1;
        return;
      }
      printed += `${line}\n`;
      if (!line.startsWith('ready: ')) return;
      isReady = true;
      clearTimeout(timer);
      resolve(line);
    });
    child.once('exit', give);
  });
  return { ready, printed, log: () => ({ lines, withToken }) };
}

/** One question at a time. */
function asker(child: ChildProcess) {
  let last: Promise<unknown> = Promise.resolve();
  return (question: object): Promise<Readonly<Record<string, unknown>>> => {
    const asking = last.then(async () => {
      const answered = once(child, 'message');
      child.send(question);
      const [answer] = await answered;
      return isRecord(answer) ? answer : {};
    });
    last = asking.catch(() => undefined);
    return asking;
  };
}

async function tableOf(folder: string): Promise<NonNullable<Served['table']>> {
  const { table } = JSON.parse(await readFile(join(folder, 'running.json'), 'utf8'));
  return table;
}

async function handlesOf(pid = 0): Promise<number | undefined> {
  return readdir(`/proc/${pid}/fd`).then(
    ({ length }) => length,
    () => undefined,
  );
}
