/**
 * The share of a processor that a function has: Lambda gives it in proportion to memory, a whole one at 1,769 MB.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY_OF_ONE_PROCESSOR_MB = 1769;
/** What AWS takes is not documented; a short one is what its users see. */
const PERIOD_MICROS = 20_000;

const FIRST_VERSION = '/sys/fs/cgroup/cpu';
const SECOND_VERSION = '/sys/fs/cgroup';

export interface CpuShare {
  /** Puts a process under the limit, with all that it starts. */
  readonly limit: (pid: number) => void;
  remove(): void;
}

/** @returns undefined where this process may make no control group: in most containers, and beside Linux. */
export function makeCpuShare(memoryMb: number): CpuShare | undefined {
  const quotaMicros = Math.round((PERIOD_MICROS * memoryMb) / MEMORY_OF_ONE_PROCESSOR_MB);
  const isFirst = existsSync(join(FIRST_VERSION, 'cpu.cfs_quota_us'));
  const group = join(
    isFirst ? FIRST_VERSION : SECOND_VERSION,
    `jwt-authorizer-bench-${process.pid}-${memoryMb}`,
  );
  try {
    mkdirSync(group);
    if (isFirst) {
      writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_MICROS));
      writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quotaMicros));
    } else writeFileSync(join(group, 'cpu.max'), `${quotaMicros} ${PERIOD_MICROS}`);
  } catch {
    return undefined;
  }
  return {
    limit: (pid) => writeFileSync(join(group, 'cgroup.procs'), String(pid)),
    remove: () => rmdirSync(group),
  };
}
