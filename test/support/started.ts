/** A server in a process of its own, from its start to its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const READY_WITHIN_MS = 30_000;

/** What starts it, and the lines by which one sees that it serves. */
export interface Program {
  /** For messages. */
  readonly name: string;
  /** @default the Node.js that runs this */
  readonly node?: string | undefined;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** It serves when all of them were printed; the first group of each is an address, `host:port`. */
  readonly addresses: readonly RegExp[];
}

export interface Started {
  /** `http://host:port`, in the order of the program's `addresses`. */
  readonly urls: readonly string[];
  readonly pid: number;
  close(): Promise<void>;
}

/** @throws Error with what it printed, when it ends or says nothing for too long. */
export async function start(program: Program): Promise<Started> {
  const { name, node = process.execPath, args, cwd, env, addresses } = program;
  const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  let printed = '';
  let isServing = false;
  const urls = new Promise<readonly string[]>((resolve, reject) => {
    const give = (why: string) => reject(new Error(`${name} ${why}:\n${printed}`));
    const timer = setTimeout(give, READY_WITHIN_MS, 'did not start');
    const read = (text: string) => {
      if (isServing) return;
      printed += text;
      const found = addresses.flatMap((address) => address.exec(printed)?.[1] ?? []);
      if (found.length < addresses.length) return;
      isServing = true;
      clearTimeout(timer);
      resolve(found.map((address) => `http://${address}`));
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      give('ended');
    });
  });
  return urls.then(
    (found) => ({ urls: found, pid: child.pid ?? 0, close }),
    (error: unknown) => close().then(() => Promise.reject(error)),
  );
}
