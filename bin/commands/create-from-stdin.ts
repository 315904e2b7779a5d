import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../../lambda/config/record.ts';
import {
  type ConsumerApi,
  call,
  isAlreadyThere,
  type Json,
  Refused,
  Unreachable,
} from '../consumers/consumer-api.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { openConsumers } from '../consumers/open.ts';
import type { ConsumerOptions } from './place-options.ts';
import { createProgress, type Progress } from './progress.ts';
import { jsonText, type Terminal } from './terminal.ts';

/** What one kind of lines becomes. */
export interface LineKind {
  readonly path: string;
  /** @param line a JSON object; a text is taken as `{scope}`. */
  readonly toBody: (line: Json) => Json;
  /** Where a record of this body would be found; undefined where it does not say so. */
  readonly pathOf?: (body: Json) => string | undefined;
}

interface Summary {
  created: number;
  /** Were there already. */
  skipped: number;
  failed: number;
}

/** The embedded table does no more at a time. */
const AT_ONCE = 8;
/** Longer than a killed run's unfinished record keeps its name. */
const PATIENCE_MS = 90_000;

/**
 * NDJSON: a record a line. What was created goes to stdout as it is, a JSON object a line, since secrets are
 * shown this once; why lines failed, and the sums, go to stderr. What exists is skipped, so that the same file
 * can be given again after whatever stopped it.
 * @throws CommandFailure when a line failed, or the rest was not tried.
 */
export async function createFromStdin(
  terminal: Terminal,
  options: ConsumerOptions,
  kind: LineKind,
): Promise<void> {
  const api = await openConsumers(options, true);
  const progress = createProgress(terminal);
  const summary: Summary = { created: 0, skipped: 0, failed: 0 };
  try {
    await createAll({ api, terminal, kind, options, summary, progress, looksFirst: false });
  } finally {
    progress.clear();
    terminal.err(`${options.json ? JSON.stringify(summary) : summaryText(summary)}\n`);
    await api.close();
  }
  if (summary.failed > 0)
    throw new CommandFailure('not all was created; give the same again when it is put right');
}

interface Work {
  readonly api: ConsumerApi;
  readonly terminal: Terminal;
  readonly kind: LineKind;
  readonly options: ConsumerOptions;
  readonly summary: Summary;
  readonly progress: Progress;
  /** Whether the line before was there already: then this one is likely to be, and a read costs less. */
  looksFirst: boolean;
}

async function createAll(work: Work): Promise<void> {
  const running = new Set<Promise<void>>();
  let stopped: Unreachable | undefined;
  let number = 0;
  for await (const line of createInterface({
    input: work.terminal.stdin,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1;
    work.progress.show(work.summary, Buffer.byteLength(line) + 1);
    if (line.trim() === '') continue;
    const task = createOne(work, line, number)
      .catch((error: unknown) => {
        if (!(error instanceof Unreachable)) throw error;
        stopped ??= error;
      })
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= AT_ONCE) await Promise.race(running);
    if (stopped !== undefined) break;
  }
  await Promise.all(running);
  if (stopped !== undefined) {
    throw new CommandFailure(`stopped at line ${number}: ${stopped.message}; then give the same again`);
  }
}

/** @throws Unreachable: the lines after it would fare no better. */
async function createOne(work: Work, line: string, number: number): Promise<void> {
  const { terminal, kind, options, summary, progress } = work;
  try {
    const body = kind.toBody(parseLine(line));
    if (await isThere(work, body)) {
      summary.skipped += 1;
      return;
    }
    const made = await create(work, body);
    // Scopes are answered without a body.
    const record = Object.keys(made).length > 0 ? made : parseLine(line);
    summary.created += 1;
    work.looksFirst = false;
    progress.clear();
    terminal.out(`${options.quiet ? idOf(record) : jsonText(record, 0)}\n`);
  } catch (error) {
    if (!(error instanceof CommandFailure) || error instanceof Unreachable) throw error;
    if (error instanceof Refused && isAlreadyThere(error)) {
      summary.skipped += 1;
      work.looksFirst = true;
      return;
    }
    summary.failed += 1;
    progress.clear();
    terminal.err(`line ${number}: ${error.message}\n`);
  }
}

/**
 * A name may be taken by a record that is only being made, and when its maker was killed, that ends in a while:
 * to skip it would lose the line.
 * @throws Refused when it is really there, or not given up in time.
 */
async function create({ api, kind }: Work, body: Json): Promise<Json> {
  const path = kind.pathOf?.(body);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call(api, { method: 'POST', path: kind.path, body });
    } catch (error) {
      if (path === undefined || !(error instanceof Refused) || !isAlreadyThere(error)) throw error;
      if ((await api.send({ method: 'GET', path })).status !== 404) throw error;
      if (Date.now() > deadline)
        throw new CommandFailure('is being made by another run; give it again later');
      await sleep(500);
    }
  }
}

async function isThere({ api, kind, looksFirst }: Work, body: Json): Promise<boolean> {
  const path = looksFirst ? kind.pathOf?.(body) : undefined;
  return path !== undefined && (await api.send({ method: 'GET', path })).status === 200;
}

/** @throws CommandFailure for what is no JSON object; the line is not repeated, for there may be a secret in it. */
function parseLine(line: string): Json {
  let value: unknown;
  try {
    // A byte order mark may stand before the first.
    value = JSON.parse(line.replace(/^\ufeff/, ''));
  } catch {
    throw new CommandFailure('is no valid JSON; give one JSON object a line');
  }
  if (typeof value === 'string') return { scope: value };
  if (isRecord(value)) return value;
  throw new CommandFailure('is no JSON object; give one a line');
}

const idOf = ({ id, scope }: Json): string => String(id ?? scope);

const summaryText = ({ created, skipped, failed }: Summary): string =>
  `created ${created}, skipped ${skipped} (they exist), failed ${failed}`;
