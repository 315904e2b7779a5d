import { type CpuInfo, cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';

const SAMPLE_MS = 3_000;

/** The share of all cores that is in use while this process only waits: from 0, all idle, to 1. */
export async function otherWork(): Promise<number> {
  const before = timesOf(cpus());
  await setTimeout(SAMPLE_MS);
  const after = timesOf(cpus());
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function timesOf(cores: readonly CpuInfo[]): { readonly idle: number; readonly all: number } {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(cores.map(({ times }) => times.idle)),
    all: sum(cores.flatMap(({ times }) => Object.values(times))),
  };
}
