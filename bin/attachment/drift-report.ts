import { type Drift, findDrift } from '../../lambda/attachment/find-drift.ts';
import type { JournalState } from '../../lambda/attachment/journal.ts';
import type { Live } from '../../lambda/attachment/live.ts';
import { formatSelector } from '../../lambda/config/selector.ts';
import { safeText } from '../commands/terminal.ts';
import { isCommandOwner, ownerText } from './owner.ts';

/** What a look at the attached stages found. Plain JSON. */
export interface DriftReport {
  /** `unfinished`: a detachment has begun and not ended; `not_attached`: there is nothing to compare with. */
  readonly outcome: 'none' | 'drift' | 'unfinished' | 'not_attached';
  readonly restApiId: string;
  /** Undefined where nothing is attached, as the stages and routes are none then. */
  readonly owner?: string;
  readonly stages: readonly string[];
  /** Selectors as one writes them; none: all methods but OPTIONS. */
  readonly routes: readonly string[];
  readonly findings: readonly Drift[];
}

/** @param live undefined: the API is gone. */
export function driftReport(journal: JournalState, live: Live | undefined): DriftReport {
  const { restApiId, owner, phase, wish } = journal;
  const findings = findDrift(journal, live);
  const isDetaching = phase === 'detaching';
  return {
    outcome: isDetaching ? 'unfinished' : findings.length > 0 ? 'drift' : 'none',
    restApiId,
    owner,
    stages: wish.stages,
    routes: wish.selectors.map(formatSelector),
    findings,
  };
}

export const notAttached = (restApiId: string): DriftReport => ({
  outcome: 'not_attached',
  restApiId,
  stages: [],
  routes: [],
  findings: [],
});

/** A table of the findings, stage by stage, and what to do. Ends without a line's end. */
export function driftText({ outcome, restApiId, owner = '', stages, findings }: DriftReport): string {
  switch (outcome) {
    case 'not_attached':
      return `nothing is attached to ${restApiId}, as far as this journal knows`;
    case 'unfinished':
      return `a detachment from ${restApiId} has begun and not ended; run jwt-authorizer detach again`;
    case 'none':
      return `no drift: ${stages.join(', ')} of ${restApiId} as attached`;
    case 'drift':
      return [...tableOf(stages, findings), '', remedyOf(owner, findings)].join('\n');
  }
}

type Row = readonly [stage: string, code: string, what: string];

function tableOf(stages: readonly string[], findings: readonly Drift[]): readonly string[] {
  const ofApi = findings.filter(({ stage }) => stage === undefined).flatMap(rowsOf);
  const ofStages = stages.flatMap((name): readonly Row[] => {
    const rows = findings.filter(({ stage }) => stage === name).flatMap(rowsOf);
    return rows.length > 0 || ofApi.length > 0 ? rows : [[name, 'none', 'as attached']];
  });
  const rows: readonly Row[] = [['stage', 'finding', 'what'], ...ofApi, ...ofStages];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  return rows.map(
    ([stage, code, what]) => `${stage.padEnd(width(0))}  ${code.padEnd(width(1))}  ${safeText(what)}`,
  );
}

/** One for each method. */
const rowsOf = ({ stage = '', code, subjects, message }: Drift): readonly Row[] =>
  (subjects.length > 0 ? subjects : [message]).map((what) => [stage, code, what]);

function remedyOf(owner: string, findings: readonly Drift[]): string {
  const codes = new Set(findings.map(({ code }) => code));
  if (codes.has('api_gone')) return 'jwt-authorizer detach forgets what was there';
  const again = 'jwt-authorizer attach attaches again what is in the journal';
  const whose = isCommandOwner(owner)
    ? ''
    : `, and so does the next deployment that changes the attachment of ${ownerText(owner)}`;
  return `${again}${whose}; a stage that is gone or has a canary must be seen to first`;
}
