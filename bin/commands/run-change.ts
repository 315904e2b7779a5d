import type { DetachOutcome, Options, ReconcileOutcome, Step } from '../../lambda/attachment/run.ts';
import type { Wish } from '../../lambda/attachment/wish.ts';
import { explainFailure } from '../attachment/explain-failure.ts';
import type { Engine } from '../attachment/open-engine.ts';
import { findPlace, type Place } from '../attachment/place.ts';
import { type ChangeReport, reportOf, type Verb } from '../attachment/report.ts';
import { endText, reportText } from '../attachment/report-text.ts';
import { stepText } from '../attachment/step-text.ts';
import { CommandFailure, Concluded, Interrupted } from '../consumers/failure.ts';
import type { AttachmentOptions } from './attachment-options.ts';
import { assertCanAsk, type ConfirmOptions, confirm } from './confirm.ts';
import { createStatusLine } from './status-line.ts';
import { jsonText, type Terminal } from './terminal.ts';

export type ChangeOptions = AttachmentOptions & ConfirmOptions;

/** A change of an API, ready to be planned and run. */
export interface Change {
  readonly verb: Verb;
  /** What it is about: of a detachment, what was attached. */
  readonly wish: Wish;
  run(options: Options): Promise<ReconcileOutcome | DetachOutcome>;
}

/** @returns undefined: there is nothing that could be changed. */
export type Prepare = (place: Place, engine: Engine) => Promise<Change | undefined>;

interface ChangeCommand {
  /** Whether the configuration is read in any case. */
  readonly needsConfig: boolean;
  readonly prepare: Prepare;
}

/**
 * Shows what a change would do, asks, does it, and says how it ended.
 * @throws CommandFailure, WrongUsage; Concluded where JSON says it; Interrupted, when the call under way has ended
 */
export async function runChange(
  terminal: Terminal,
  options: ChangeOptions,
  { needsConfig, prepare }: ChangeCommand,
): Promise<void> {
  assertCanAsk(terminal, options);
  const place = await findPlace(options, needsConfig);
  // Loaded here: the SDK's clients are much, and no other command needs them.
  const { openEngine } = await import('../attachment/open-engine.ts');
  const engine = openEngine({ journalTable: place.journalTable, region: options.region });
  try {
    const change = await prepare(place, engine);
    if (change === undefined) finish(terminal, options, nothingOf(place));
    else await carryOut(terminal, options, { change, place });
  } catch (error) {
    throw explainFailure(error, place);
  } finally {
    engine.close();
  }
}

async function carryOut(
  terminal: Terminal,
  options: ChangeOptions,
  { change, place }: { readonly change: Change; readonly place: Place },
): Promise<void> {
  const { dryRun = false, yes = false, json = false } = options;
  const planned = reportOf(change, await watched(terminal, (tell) => change.run({ dryRun: true, tell })));
  if (!json) terminal.out(`${reportText(planned)}\n`);
  // Where nothing differs the journal may still: how far an earlier run came, what is wished of a detachment.
  const mayGoOn = DONE.includes(planned.outcome);
  if (dryRun || !mayGoOn) return finish(terminal, options, planned);
  const signal = terminal.interruption?.();
  if (!yes && planned.outcome === 'planned') await confirm(terminal, `${change.verb} now?`, signal);
  const outcome = await watched(terminal, (tell) => change.run({ tell, signal })).catch((error: unknown) => {
    throw begun(explainFailure(error, place));
  });
  const done = reportOf(change, outcome);
  // Not what was shown.
  if (!json && done.outcome === 'refused') terminal.out(`${reportText(done)}\n`);
  finish(terminal, options, done);
}

/** Shows each step to who watches. */
async function watched<T>(terminal: Terminal, work: (tell: (step: Step) => void) => Promise<T>): Promise<T> {
  const line = createStatusLine(terminal);
  try {
    return await work((step) => line.show(stepText(step)));
  } finally {
    line.clear();
  }
}

const begun = (failure: unknown): unknown =>
  failure instanceof CommandFailure
    ? new CommandFailure(`${failure.message}; the same command goes on where this one stopped`)
    : failure;

const DONE: readonly ChangeReport['outcome'][] = [
  'unchanged',
  'planned',
  'attached',
  'detached',
  'not_attached',
];

/** @throws Concluded, CommandFailure, Interrupted where it did not end as wished */
function finish(terminal: Terminal, { json = false }: ChangeOptions, report: ChangeReport): void {
  const { outcome } = report;
  if (json) terminal.out(`${jsonText(report, 0)}\n`);
  if (DONE.includes(outcome)) {
    if (!json) terminal.out(`${endText(report)}\n`);
    return;
  }
  if (outcome === 'unfinished') throw new Interrupted(endText(report));
  if (json) throw new Concluded(1);
  throw new CommandFailure(endText(report));
}

const nothingOf = ({ restApiId }: Place): ChangeReport => ({
  outcome: 'not_attached',
  restApiId,
  stages: [],
  routes: [],
  warnings: [],
  refusals: [],
});
