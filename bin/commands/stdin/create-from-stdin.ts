import { CommandFailure } from '../../consumers/failure.ts';
import { openConsumers } from '../../consumers/open.ts';
import { nobodyLooks } from '../looked-up.ts';
import { type ConsumerOptions, tellOf } from '../place-options.ts';
import { createProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { createAll } from './create-all.ts';
import type { LineKind } from './line-kind.ts';
import { newSummary, summaryText } from './summary.ts';

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
  tellOf(terminal, options, nobodyLooks);
  const api = await openConsumers(options, true);
  const progress = createProgress(terminal);
  const summary = newSummary();
  try {
    await createAll({ api, terminal, kind, options, summary, progress });
  } finally {
    progress.clear();
    terminal.err(`${options.json ? JSON.stringify(summary) : summaryText(summary)}\n`);
    await api.close();
  }
  if (summary.failed > 0)
    throw new CommandFailure('not all was created; give the same again when it is put right');
}
