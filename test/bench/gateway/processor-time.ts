import { readFileSync } from 'node:fs';

/** A tick of the clock by which Linux tells processes' times, whatever the kernel's own is. */
const TICK_MICROS = 10_000;

/**
 * What a process and its threads have taken of the processors since they started: whoever else wants them does not
 * make it more.
 * @returns microseconds, in steps of 10,000; undefined where there is no Linux to tell.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processorMicrosOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  // The name before them may have spaces and parentheses in it.
  const [, fields = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const [user, system] = fields.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * TICK_MICROS;
}
