/**
 * `npx tsx test/bench/tried/run.ts`: what was tried for a faster start, beside what is shipped; docs/performance-tried.md tells
 * what came of it. `--rounds N` (15), `--only EXPERIMENT` (again for more than one), `--node 20|24` (24).
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Row, ratioOf } from '../model.ts';
import { measurePrograms, type Program } from '../processes.ts';
import { type Handlers, inProcess, makeHandlers } from '../start-up/programs.ts';
import { startBenchTable } from '../table.ts';
import { isNode24, node24 } from '../tools.ts';
import { type CpuShare, makeCpuShare } from './cpu-share.ts';
import { buildVariant, type Variant } from './variants.ts';

interface Setting {
  readonly handlers: Handlers;
  readonly folder: string;
  readonly node: string;
}

/** Groups of programs; the first of a group is what the others are compared with. */
type Experiment = (setting: Setting) => Promise<readonly (readonly Program[])[]>;

const MEMORIES_MB = [1769, 1024, 512, 256, 128];

const EXPERIMENTS: Readonly<Record<string, Experiment>> = {
  format: async (setting) => {
    const variants: readonly Variant[] = [
      'shipped',
      'built-ins required',
      'not minified',
      'one file',
      'CommonJS, one file',
    ];
    return [
      await startsOf('uncontrolled', variants, setting),
      await startsOf('controlled', variants, setting),
    ];
  },

  'compile-cache': async ({ handlers, folder, node }) => {
    // Node.js 20 has none.
    if (!isNode24(node)) return [];
    const groups: Program[][] = [];
    for (const handler of [handlers.uncontrolled(), handlers.controlled()]) {
      const plain = inProcess(handlers, handler);
      const cache = join(folder, `compile-cache-${handler.id}`);
      // It is written when a process ends by itself.
      await promisify(execFile)(node, ['--eval', `import('${plain.args[0]}').then(() => process.exit())`], {
        env: { ...plain.env, NODE_COMPILE_CACHE: cache },
      });
      const withCache = (name: string, directory: () => string): Program => ({
        ...plain,
        name: `${handler.name}: ${name}`,
        serve: async () => ({ env: { NODE_COMPILE_CACHE: directory() }, close: async () => {} }),
      });
      groups.push([
        plain,
        withCache('a filled compile cache', () => cache),
        withCache('an empty compile cache', () => mkdtempSync(join(folder, 'empty-'))),
      ]);
    }
    return groups;
  },

  sdk: async (setting) => {
    const variants: readonly Variant[] = [
      'shipped',
      'SDK at its first use',
      'SDK with the function',
      'connection opened at init',
    ];
    return [await startsOf('controlled', variants, setting)];
  },

  memory: async ({ handlers }) => {
    const shares = MEMORIES_MB.flatMap((memoryMb) => {
      const share = makeCpuShare(memoryMb);
      return share === undefined ? [] : [{ memoryMb, share }];
    });
    process.once('exit', () => shares.forEach(removeShare));
    if (shares.length === 0) process.stdout.write('memory: no control group can be made here\n');
    return [handlers.uncontrolled(), handlers.controlled()].map((handler) =>
      shares.map(({ memoryMb, share }) => ({
        ...inProcess(handlers, handler),
        name: `${handler.name}: the CPU of ${memoryMb} MB`,
        started: share.limit,
      })),
    );
  },
};

const removeShare = ({ share }: { share: CpuShare }): void => share.remove();

async function startsOf(
  kind: 'uncontrolled' | 'controlled',
  variants: readonly Variant[],
  { handlers, folder }: Setting,
): Promise<readonly Program[]> {
  const programs: Program[] = [];
  for (const variant of variants) {
    const handler = handlers[kind](await buildVariant(variant, folder));
    programs.push({ ...inProcess(handlers, handler), name: `${handler.name}: ${variant}` });
  }
  return programs;
}

const quartilesOf = (row: Row, reference: Row): string => {
  const sorted = row.values
    .map((value, round) => value / (reference.values[round] ?? Number.NaN))
    .sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)]?.toFixed(2);
  return `${ratioOf(row, reference).toFixed(2)} (${at(0.25)} to ${at(0.75)})`;
};

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', multiple: true, default: Object.keys(EXPERIMENTS) },
    node: { type: 'string', default: '24' },
  },
});
const node = options.node === '20' ? process.execPath : node24();
const folder = mkdtempSync(join(tmpdir(), 'tried-'));
const table = await startBenchTable();
try {
  const handlers = await makeHandlers(table, folder);
  for (const name of options.only) {
    const experiment = EXPERIMENTS[name];
    if (experiment === undefined)
      throw new Error(`no experiment ${name}; there are ${Object.keys(EXPERIMENTS)}`);
    for (const programs of await experiment({ handlers, folder, node })) {
      if (programs.length === 0) continue;
      const { wall, cpu } = await measurePrograms(node, programs, Number(options.rounds));
      process.stdout.write(
        `\n${name}: to the first decision; ratio by the clock, ratio by CPU time (quartiles)\n`,
      );
      for (const [at, row] of wall.entries())
        process.stdout.write(
          `${row.name.padEnd(56)} ${quartilesOf(row, wall[0])}   ${quartilesOf(cpu[at] ?? row, cpu[0])}\n`,
        );
    }
  }
} finally {
  await table.close();
  rmSync(folder, { recursive: true, force: true });
}
