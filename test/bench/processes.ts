/**
 * Programs that are started one after another, each kind in turn, until each has decided: the wall clock's time, and the CPU
 * time, which other processes of the machine stretch far less.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Row } from './model.ts';

type Child = ChildProcessByStdio<null, Readable, null>;

export interface Program {
  readonly id: string;
  readonly name: string;
  /** Of Node.js: its flags, the script, the script's own. */
  readonly args: readonly string[];
  /** All of its environment but `PATH`. */
  readonly env: Readonly<Record<string, string>>;
  /** What it talks to, made anew for each process. @default nothing: it writes the line `decided` */
  readonly serve?: () => Promise<Service>;
  /** Does something to the process before it runs on, such as a limit of its CPU. @param pid its id. */
  readonly started?: (pid: number) => void;
}

export interface Service {
  /** How the process finds it. */
  readonly env: Readonly<Record<string, string>>;
  /** When the process has decided. @default when it writes the line */
  readonly decided?: Promise<void>;
  close(): Promise<void>;
}

interface Cost {
  readonly wallMs: number;
  /** Of all threads; NaN where the system does not tell (Linux does). */
  readonly cpuMs: number;
}

/** A row for each program, of the wall clock and of the CPU. */
export async function measurePrograms(
  node: string,
  programs: readonly Program[],
  rounds: number,
): Promise<{ wall: [Row, ...Row[]]; cpu: [Row, ...Row[]] }> {
  const states = programs.map((program) => ({ program, costs: [] as Cost[] }));
  for (let round = 0; round < rounds; round++) {
    // Another one begins each time, and every other time backwards: none profits from always following the same.
    const order = states.map((_, at) => states[(at + round) % states.length] ?? states[0]);
    for (const state of round % 2 === 0 ? order : order.reverse())
      state?.costs.push(await costOf(node, state.program));
  }
  const rowsOf = (value: (cost: Cost) => number) => {
    const [first, ...more] = states.map(({ program: { id, name }, costs }) => ({
      ...{ id, name },
      values: costs.map(value),
    }));
    if (first === undefined) throw new Error('there is nothing to measure');
    return [first, ...more] as [Row, ...Row[]];
  };
  return { wall: rowsOf(({ wallMs }) => wallMs), cpu: rowsOf(({ cpuMs }) => cpuMs) };
}

async function costOf(node: string, program: Program): Promise<Cost> {
  const service = await program.serve?.();
  const begin = process.hrtime.bigint();
  const child = spawn(node, program.args, {
    env: { PATH: process.env['PATH'], ...program.env, ...service?.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid !== undefined) program.started?.(child.pid);
  const decided = saysDecided(program.name, child);
  await Promise.race([decided, ...(service?.decided === undefined ? [] : [service.decided])]);
  const wallMs = Number(process.hrtime.bigint() - begin) / 1e6;
  const cpuMs = cpuMsOf(child.pid);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  // What is known of it now is no news: it was ended.
  await decided.catch(() => undefined);
  await service?.close();
  return { wallMs, cpuMs };
}

/** @throws when it ends without. */
async function saysDecided(name: string, { stdout }: Child): Promise<void> {
  let text = '';
  for await (const more of stdout.setEncoding('utf8')) {
    text += more;
    // Before it comes what the function logs.
    if (/^decided$/m.test(text)) return;
  }
  throw new Error(`${name} ended undecided: ${text}`);
}

/** What its threads have run so far. @see https://docs.kernel.org/scheduler/sched-stats.html */
function cpuMsOf(pid: number | undefined): number {
  const folder = `/proc/${pid}/task`;
  try {
    const nanos = readdirSync(folder).map((thread) => {
      const [ran = ''] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ');
      return Number(ran);
    });
    return nanos.reduce((sum, one) => sum + one, 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}
