import type { Command } from 'commander';
import { type DriftReport, driftReport, driftText, notAttached } from '../attachment/drift-report.ts';
import { explainFailure } from '../attachment/explain-failure.ts';
import { findPlace, type Place } from '../attachment/place.ts';
import { stepText } from '../attachment/step-text.ts';
import { CommandFailure, Concluded } from '../consumers/failure.ts';
import { type AttachmentOptions, attachmentCommand } from './attachment-options.ts';
import { examples } from './place-options.ts';
import { createStatusLine } from './status-line.ts';
import { jsonText, type Terminal } from './terminal.ts';

/** What a script goes by. */
const EXIT_CODES: Readonly<Record<DriftReport['outcome'], number>> = {
  none: 0,
  drift: 1,
  unfinished: 3,
  not_attached: 3,
};
const UNKNOWN = 3;

const ABOUT = `
The owner of an API can open its methods without knowing it: by a rollback, which points a stage at an old deployment, by
an import, which writes all methods anew, by a new method. This compares what the attached stages serve with what was attached. It
changes nothing.

Exit code: 0 no drift; 1 drift; 2 wrong usage; 3 unknown: nothing is attached, or AWS does not answer.

--json: {outcome, restApiId, owner, stages, routes, findings [{code, stage, subjects, message}]}. Outcomes (none, drift,
unfinished, not_attached) and codes are stable. See docs/attach-command.md.`;

/** `jwt-authorizer drift`: whether the attached stages still serve what was attached. */
export function driftCommand(terminal: Terminal): Command {
  return attachmentCommand('drift', 'Tell whether attached methods were opened again')
    .addHelpText(
      'after',
      `${examples('drift', 'drift --stack Orders --rest-api-id a1b2c3d4e5 --json')}\n${ABOUT}`,
    )
    .action(async (options: AttachmentOptions) => {
      const report = await look(terminal, options).catch((error: unknown) => {
        if (!(error instanceof CommandFailure)) throw error;
        terminal.err(`error: ${error.message}\n`);
        throw new Concluded(UNKNOWN);
      });
      terminal.out(options.json ? `${jsonText(report, 0)}\n` : `${driftText(report)}\n`);
      const code = EXIT_CODES[report.outcome];
      if (code !== 0) throw new Concluded(code);
    });
}

/** @throws CommandFailure, WrongUsage */
async function look(terminal: Terminal, options: AttachmentOptions): Promise<DriftReport> {
  const place = await findPlace(options, false);
  try {
    return await reportOn(place, options.region, terminal);
  } catch (error) {
    throw explainFailure(error, place);
  }
}

async function reportOn(
  { restApiId, journalTable }: Place,
  region: string | undefined,
  terminal: Terminal,
): Promise<DriftReport> {
  const { openEngine } = await import('../attachment/open-engine.ts');
  const engine = openEngine({ journalTable, region });
  const line = createStatusLine(terminal);
  try {
    const journal = await engine.journal.read(restApiId);
    if (journal === undefined) return notAttached(restApiId);
    const reading = (subject: string) => line.show(stepText({ step: 'read', done: 0, of: 1, subject }));
    return driftReport(journal, await engine.readLive(restApiId, reading));
  } finally {
    line.clear();
    engine.close();
  }
}
