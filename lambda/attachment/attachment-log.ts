import type { Finding } from './plan.ts';
import type { DetachOutcome, ReconcileOutcome, Step } from './run.ts';

/** Takes one line of JSON. Never the address of an answer: whoever knows it can answer in our place. */
export type WriteLine = (line: string) => void;

/** What is being done, and for whom. */
export interface LoggedRun {
  readonly restApiId: string;
  readonly owner: string;
  /** CloudFormation's `Create`, `Update` or `Delete`; `Reattach` of the drift check's own. */
  readonly what: string;
}

/** One line for each kind of step, at its first. */
export function createStepLog(write: WriteLine, run: LoggedRun): (step: Step) => void {
  return ({ step, done, of, subject }) => {
    if (done === 0) write(JSON.stringify({ level: 'info', message: 'step', ...run, step, of, subject }));
  };
}

/** One line for each refusal and each warning, with all that it is about, and one for the end. */
export function logOutcome(
  write: WriteLine,
  run: LoggedRun,
  outcome: ReconcileOutcome | DetachOutcome,
): void {
  const tell = (level: string, { code, message: text, subjects }: Finding) =>
    write(JSON.stringify({ level, message: code, ...run, text, subjects }));
  if ('refusals' in outcome) for (const refusal of outcome.refusals) tell('error', refusal);
  if ('warnings' in outcome) for (const warning of outcome.warnings) tell('warn', warning);
  const level = GOOD.includes(outcome.kind) ? 'info' : 'error';
  write(JSON.stringify({ level, message: outcome.kind, ...run, ...detailsOf(outcome) }));
}

const GOOD: readonly string[] = ['attached', 'detached', 'not_attached', 'planned'];

function detailsOf(outcome: ReconcileOutcome | DetachOutcome): object {
  if (outcome.kind === 'attached')
    return {
      isChanged: outcome.isChanged,
      methods: outcome.plan.methods.length,
      stages: outcome.plan.stages,
    };
  if (outcome.kind === 'authorizer_in_use') return { stages: outcome.stages };
  if (outcome.kind === 'changed_meanwhile') return { subjects: outcome.subjects };
  if (outcome.kind === 'busy') return { untilMs: outcome.untilMs };
  if (outcome.kind === 'not_attached' && outcome.owner !== undefined) return { journalOf: outcome.owner };
  return {};
}

/** One line for an outage or a bug: names of errors, and messages only where they are ours. */
export function logFailure(write: WriteLine, run: LoggedRun, error: unknown): void {
  const { name, cause } = error instanceof Error ? error : new Error('not an error');
  const causeName = cause instanceof Error ? cause.name : undefined;
  write(
    JSON.stringify({
      level: 'error',
      message: 'failed',
      ...run,
      reason: name,
      detail: ownMessage(error),
      cause: causeName,
    }),
  );
}

/** What an error of the engine's says; those of others may quote anything. */
export function ownMessage(error: unknown): string | undefined {
  return error instanceof Error && OURS.includes(error.name) ? error.message : undefined;
}

const OURS = ['ControlPlaneUnavailable', 'ControlPlaneRefused', 'JournalUnavailable', 'LeaseLost'];
