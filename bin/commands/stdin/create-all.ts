import { eachAtOnce } from '../../consumers/at-once.ts';
import { type ConsumerApi, type Json, Unreachable } from '../../consumers/consumer-api.ts';
import { CommandFailure, Interrupted } from '../../consumers/failure.ts';
import type { Progress } from '../progress.ts';
import { jsonText, type OutputOptions, type Terminal } from '../terminal.ts';
import { createOrSkip, type Work } from './create-or-skip.ts';
import type { LineKind } from './line-kind.ts';
import { type Line, linesOf, parseLine } from './lines.ts';
import type { Summary } from './summary.ts';

interface Batch {
  readonly api: ConsumerApi;
  readonly terminal: Terminal;
  readonly kind: LineKind;
  readonly options: OutputOptions;
  readonly summary: Summary;
  readonly progress: Progress;
}

/**
 * @throws CommandFailure where nobody answers: the lines after it would fare no better. Interrupted, when the
 * lines under way have ended.
 */
export async function createAll(batch: Batch): Promise<void> {
  const { api, terminal, kind, summary, progress } = batch;
  const find = kind.openFind?.(api);
  const work: Work = { api, path: kind.path, looksFirst: false, ...(find && { find }) };
  const signal = terminal.interruption?.() ?? new AbortController().signal;
  const lines = linesOf(terminal.stdin, (bytes) => progress.show(summary, bytes), signal);
  const one = (line: Line) =>
    createOne(batch, work, line).catch((error: unknown) => {
      if (!(error instanceof Unreachable)) throw error;
      throw new CommandFailure(`stopped at line ${line.number}: ${error.message}; then give the same again`);
    });
  await eachAtOnce(lines, one, signal);
  if (signal.aborted) {
    summary.stopped = true;
    throw new Interrupted('stopped before the end; give the same again');
  }
}

/** @throws Unreachable */
async function createOne(batch: Batch, work: Work, { number, text }: Line): Promise<void> {
  const { terminal, kind, options, summary, progress } = batch;
  try {
    const line = parseLine(text);
    const body = kind.toBody(line);
    const made = await createOrSkip(work, body);
    if (made === undefined) {
      summary.skipped += 1;
      if (kind.hasUncompared?.(body)) summary.notCompared = (summary.notCompared ?? 0) + 1;
      return;
    }
    // Scopes are answered without a body.
    const record = Object.keys(made).length > 0 ? made : line;
    summary.created += 1;
    const { quietly = idOf } = kind;
    const write = () => terminal.out(`${options.quiet ? quietly(record, body) : jsonText(record, 0)}\n`);
    // To a file, it leaves the screen alone.
    if (terminal.isOutWatched === true) progress.above(write);
    else write();
  } catch (error) {
    if (!(error instanceof CommandFailure) || error instanceof Unreachable) throw error;
    summary.failed += 1;
    progress.above(() => terminal.err(`line ${number}: ${error.message}\n`));
  }
}

const idOf = ({ id, scope }: Json): string => String(id ?? scope);
