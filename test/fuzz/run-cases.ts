/** Cases one after another, and a failure made as small as it gets. */
import { type ConfigSubject, checkConfig, configCase } from './check-config.ts';
import { checkRequest } from './check-request.ts';
import type { Failure } from './failure.ts';
import { type RequestTarget, requestCase } from './request-cases.ts';
import type { Subject } from './subject.ts';
import { count, type Tally } from './tally.ts';
import type { World } from './worlds.ts';

export const TARGETS = ['tokens', 'events', 'configs'] as const;
export type Target = (typeof TARGETS)[number];

export interface Subjects {
  readonly worlds: readonly World[];
  readonly requests: Subject;
  readonly configs: ConfigSubject;
}

export interface Failed extends Failure {
  readonly target: Target;
  readonly seed: number;
  readonly number: number;
  /** What was done, but for what was not needed to fail. */
  readonly done: readonly string[];
  /** The event, or the file's text. */
  readonly input: string;
  /** For requests, which configuration. */
  readonly world: string;
}

interface Run {
  readonly failure?: Failure;
  readonly done: readonly string[];
  readonly isRight: boolean;
  readonly ended: string;
  readonly tookMs: number;
  readonly input: () => string;
  readonly world: string;
}

interface Which {
  readonly seed: number;
  readonly number: number;
  readonly without?: ReadonlySet<number>;
}

async function runOne(target: Target, subjects: Subjects, which: Which): Promise<Run> {
  if (target === 'configs') {
    const tried = configCase(which);
    const { end, ...checked } = await checkConfig(subjects.configs, tried);
    return { ...checked, ...tried, ended: end, world: '', input: () => tried.text };
  }
  return runRequest(target, subjects, which);
}

async function runRequest(target: RequestTarget, { worlds, requests }: Subjects, which: Which): Promise<Run> {
  const tried = requestCase(target, { ...which, worlds });
  const { stage, ...checked } = await checkRequest(requests, tried);
  const { done, isRight, world, event } = tried;
  return { ...checked, done, isRight, ended: stage, world: world.name, input: () => JSON.stringify(event) };
}

/** @returns the failure, when the case shows one. */
export async function tryCase(
  target: Target,
  subjects: Subjects,
  which: Which,
  tally?: Tally,
): Promise<Failed | undefined> {
  const run = await runOne(target, subjects, which);
  if (tally !== undefined) count(tally, run);
  return run.failure && smallest(target, subjects, which, run);
}

/** Leaves out, one after the other, what can be left out and the case fails as before. */
async function smallest(target: Target, subjects: Subjects, which: Which, first: Run): Promise<Failed> {
  let [run, without] = [first, new Set<number>()];
  for (let position = 0; position < first.done.length; position++) {
    const fewer = new Set([...without, position]);
    const less = await runOne(target, subjects, { ...which, without: fewer });
    if (less.failure?.kind === first.failure?.kind && less.done.length < run.done.length)
      [run, without] = [less, fewer];
  }
  const { done, world } = run;
  const failure = run.failure as Failure;
  return { ...failure, target, done, world, seed: which.seed, number: which.number, input: run.input() };
}

const LONGEST_INPUT = 12_000;

export function describeFailure(
  { target, seed, number, kind, detail, done, input, world }: Failed,
  options = '',
): string {
  return [
    `${kind}: ${detail}`,
    `  ${target} ${number}, seed ${seed}${world === '' ? '' : `, at "${world}"`}: ${done.join(', ') || 'nothing was done to it'}`,
    `  ${input.slice(0, LONGEST_INPUT)}`,
    `  again: npx tsx test/fuzz/run.ts --seed ${seed} --only ${target} --case ${number}${options}`,
  ].join('\n');
}
