/**
 * npx tsx test/fuzz/run.ts [--cases 100000] [--seed N] [--only tokens,events,configs] [--processes 1] [--bundle]
 * Cases from a seed, in processes of their own; ends with exit code 1 at the first that fails, and says how to see it again:
 * npx tsx test/fuzz/run.ts --seed N --only tokens --case NUMBER
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBundle } from './bundle.ts';
import { openConfigSubject } from './check-config.ts';
import { describeFailure, type Failed, type Subjects, TARGETS, type Target, tryCase } from './run-cases.ts';
import { openInProcess } from './subject.ts';
import { missedShares, newTally, sharesOf, sum, type Tally } from './tally.ts';
import { WORLDS } from './worlds.ts';

const TOLD_EVERY_MS = 15_000;
const LOOKED_AT_EVERY = 256;
/** Of all cases; a configuration takes as long as a hundred tokens. */
const SHARES: Readonly<Record<Target, number>> = { tokens: 0.6, events: 0.395, configs: 0.005 };

interface Options {
  readonly seed: number;
  readonly cases: number;
  readonly only: readonly Target[];
  readonly processes: number;
  readonly isBundle: boolean;
  /** Of the processes, this one; undefined for the one that starts them. */
  readonly part: number | undefined;
}

/** What a process tells of itself. */
interface Told {
  readonly tallies: Readonly<Record<string, Tally>>;
  readonly rssMb: number;
  readonly isOver: boolean;
  readonly failed?: Failed;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function open(isBundle: boolean): Promise<Subjects> {
  const worlds = isBundle ? WORLDS.filter(({ isForBundle }) => isForBundle) : WORLDS;
  const requests = isBundle ? await openBundle(worlds) : openInProcess(worlds);
  return { worlds, requests, configs: openConfigSubject() };
}

/** How many cases each target has. */
function countsOf({ cases, only }: Options): readonly (readonly [Target, number])[] {
  const all = only.reduce((total, target) => total + SHARES[target], 0);
  return only.map((target) => [target, Math.ceil((cases * SHARES[target]) / all)]);
}

/** This process's part of the cases, all targets in turn. @param tell now and then, and at the end. */
async function runPart(options: Options, part: number, tell: (told: Told) => void): Promise<void> {
  const subjects = await open(options.isBundle);
  const tallies: Record<string, Tally> = {};
  const told = (isOver: boolean, failed?: Failed): Told => ({
    ...{ tallies, rssMb: process.memoryUsage().rss / 1e6, isOver, ...(failed && { failed }) },
  });
  const counts = countsOf(options);
  const most = Math.max(...counts.map(([, cases]) => cases));
  let toldMs = performance.now();
  try {
    for (let i = part; i < most; i += options.processes) {
      for (const [target, cases] of counts) {
        // Spread over the whole run, so that a run that is broken off has some of each.
        const number = Math.floor((i * cases) / most);
        if (i > 0 && number === Math.floor(((i - 1) * cases) / most)) continue;
        const tally = tallies[target] ?? newTally();
        tallies[target] = tally;
        const failed = await tryCase(target, subjects, { seed: options.seed, number }, tally);
        if (failed !== undefined) return tell(told(true, failed));
      }
      if (i % LOOKED_AT_EVERY >= options.processes || performance.now() - toldMs < TOLD_EVERY_MS) continue;
      toldMs = performance.now();
      tell(told(false));
      // A turn for what is to be sent.
      await new Promise(setImmediate);
    }
    tell(told(true));
  } finally {
    subjects.configs.close();
  }
}

/** @returns whether no case failed, and enough of them got far. */
async function runAll(options: Options): Promise<boolean> {
  const { seed, cases, only, processes, isBundle } = options;
  say(
    `fuzz: ${cases} cases (${only.join(', ')}), seed ${seed}, ${processes} processes${isBundle ? ', the built bundle' : ''}`,
  );
  const beganMs = performance.now();
  const last = new Map<number, Told>();
  const peaks = new Map<number, number>();
  const failures: Failed[] = [];
  const hear = (part: number, told: Told) => {
    last.set(part, told);
    peaks.set(part, Math.max(peaks.get(part) ?? 0, told.rssMb));
    if (told.failed !== undefined) failures.push(told.failed);
    if (part === 0 || told.isOver) say(progress([...last.values()], performance.now() - beganMs));
  };
  const children = Array.from({ length: processes }, (_, part) =>
    startPart(part, (told) => hear(part, told)),
  );
  const endOf = async ({ ended }: (typeof children)[number]) => {
    const code = await ended;
    // One that broke off would leave the others running for hours.
    if (code !== 0 || failures.length > 0) for (const { child } of children) child.kill();
    return code;
  };
  const codes = await Promise.all(children.map(endOf));
  for (const failed of failures) say(`FAILED ${describeFailure(failed, isBundle ? ' --bundle' : '')}`);
  if (failures.length > 0) return false;
  if (codes.some((code) => code !== 0)) {
    say(`FAILED a process ended with ${codes.join(', ')}`);
    return false;
  }
  return summary([...last.values()], [...peaks.values()], options);
}

function startPart(part: number, hear: (told: Told) => void) {
  const args = [...process.argv.slice(2), '--part', String(part)];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: ['--import', 'tsx'] });
  child.on('message', (told) => hear(told as Told));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended };
}

function progress(told: readonly Told[], ms: number): string {
  const tallies = told.flatMap((one) => Object.values(one.tallies));
  const { cases, slowestMs } = sum(tallies);
  const memory = told.map(({ rssMb }) => `${rssMb.toFixed(0)} MB`).join(', ');
  return `${cases} cases in ${(ms / 1000).toFixed(0)} s, ${((cases / ms) * 1000).toFixed(0)} a second; ${memory}; the slowest took ${slowestMs.toFixed(1)} ms`;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function summary(told: readonly Told[], peaksMb: readonly number[], { only, isBundle }: Options): boolean {
  say(`memory at most: ${peaksMb.map((mb) => `${mb.toFixed(0)} MB`).join(', ')}`);
  const of = (targets: readonly Target[]) =>
    sum(told.flatMap(({ tallies }) => targets.flatMap((one) => tallies[one] ?? [])));
  const requests = of(only.filter((target) => target !== 'configs'));
  if (requests.cases > 0) {
    say(`tokens and events: ${requests.cases}, of which right by construction ${requests.right}`);
    for (const { stage, reached, ended } of sharesOf(requests))
      say(`  ${stage}: reached by ${percent(reached)}, ended there ${percent(ended)}`);
  }
  const configs = of(only.filter((target) => target === 'configs'));
  if (configs.cases > 0) {
    const ends = Object.entries(configs.ended).map(
      ([end, times]) => `${end} ${percent(times / configs.cases)}`,
    );
    say(
      `configurations: ${configs.cases}, of which right by construction ${configs.right}; ${ends.join(', ')}`,
    );
  }
  const hasEnough = requests.cases >= ENOUGH_CASES && only.length > 1;
  // The bundle is tried without a table.
  const missed = hasEnough ? missedShares(requests, isBundle ? ['consumer'] : []) : [];
  if (missed.length > 0) say(`FAILED too few cases get far: ${missed.join('; ')}`);
  return missed.length === 0;
}

/** Of fewer, the shares say little. */
const ENOUGH_CASES = 10_000;

async function again(options: Options, number: number): Promise<boolean> {
  const subjects = await open(options.isBundle);
  for (const target of options.only) {
    const failed = await tryCase(target, subjects, { seed: options.seed, number });
    say(
      failed === undefined
        ? `${target} ${number}, seed ${options.seed}: nothing is wrong`
        : describeFailure(failed),
    );
    if (failed !== undefined) return false;
  }
  subjects.configs.close();
  return true;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ cases: { type: 'string', default: '100000' }, seed: { type: 'string' }, only: { type: 'string' } },
      ...{ processes: { type: 'string', default: '1' }, bundle: { type: 'boolean', default: false } },
      ...{ part: { type: 'string' }, case: { type: 'string' } },
    },
  });
  const only = TARGETS.filter((target) => (values.only ?? TARGETS.join()).split(',').includes(target));
  // Started parts are given the seed by their parent.
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (values.seed === undefined) process.argv.push('--seed', String(seed));
  const options: Options = {
    ...{
      seed,
      only,
      cases: Number(values.cases),
      processes: Number(values.processes),
      isBundle: values.bundle,
    },
    part: values.part === undefined ? undefined : Number(values.part),
  };
  if (options.part !== undefined) {
    await runPart(options, options.part, (told) => void process.send?.(told));
    process.disconnect();
    return;
  }
  const isFine =
    values.case === undefined ? await runAll(options) : await again(options, Number(values.case));
  process.exitCode = isFine ? 0 : 1;
}

await main();
