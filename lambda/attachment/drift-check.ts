import { ComesAgain, untilSettled } from './again.ts';
import { createStepLog, type LoggedRun, logFailure, logOutcome, type WriteLine } from './attachment-log.ts';
import type { TimeLeft } from './custom-resource.ts';
import type { Engine } from './engine.ts';
import { countDriftedMethods, type Drift, findDrift } from './find-drift.ts';
import type { Journal, JournalState } from './journal.ts';
import type { Live } from './live.ts';
import { LONGEST_CALL_MS } from './run.ts';

export interface DriftCheckDependencies {
  readonly restApiId: string;
  readonly journal: Pick<Journal, 'read'>;
  /** @returns undefined: the API is gone. */
  readonly readLive: (restApiId: string) => Promise<Live | undefined>;
  /** What attaches again where something was found. @default nothing does */
  readonly engine?: Pick<Engine, 'reconcile'> | undefined;
  readonly write: WriteLine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Names its metric. */
  readonly functionName: string;
}

export type DriftCheckHandler = (event: unknown, context: TimeLeft) => Promise<void>;

/**
 * One look at what the attached stages serve: a line in the log for each thing that is not as it was attached, and one
 * metric. While an attachment is being made or changed nobody knows what should be served, and nothing is counted.
 * @throws what journal and control plane throw, and what attaching again does: Lambda counts it among `Errors`
 */
export function createDriftCheck(dependencies: DriftCheckDependencies): DriftCheckHandler {
  const { restApiId, journal, readLive, write } = dependencies;
  return async (_event, context) => {
    const state = await journal.read(restApiId);
    if (state === undefined || state.phase !== 'attached') {
      write(JSON.stringify({ level: 'info', message: 'not_looked_at', restApiId, phase: state?.phase }));
      return;
    }
    const drifts = findDrift(state, await readLive(restApiId));
    const DriftedMethods = countOf(drifts);
    for (const drift of drifts) tell(state, drift, write);
    count(DriftedMethods, dependencies);
    const isThere = !drifts.some(({ code }) => code === 'api_gone');
    if (drifts.length > 0 && isThere) await reattach(state, dependencies, context);
  };
}

const BY_METHOD: readonly string[] = ['reopened', 'unprotected'];

/** Methods, and one for each other thing that somebody should look at. */
const countOf = (drifts: readonly Drift[]): number =>
  countDriftedMethods(drifts) + drifts.filter(({ code }) => !BY_METHOD.includes(code)).length;

function tell({ restApiId, owner }: JournalState, drift: Drift, write: WriteLine): void {
  const { code, stage, subjects, message } = drift;
  write(JSON.stringify({ level: 'error', message: code, restApiId, owner, stage, subjects, text: message }));
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function count(DriftedMethods: number, { write, now, functionName }: DriftCheckDependencies): void {
  const Metrics = [{ Name: 'DriftedMethods', Unit: 'Count' }];
  const directive = { Namespace: 'JwtAuthorizer', Dimensions: [['FunctionName']], Metrics };
  write(
    JSON.stringify({
      _aws: { Timestamp: now(), CloudWatchMetrics: [directive] },
      FunctionName: functionName,
      DriftedMethods,
    }),
  );
}

/** By the wish in the journal, with the same refusals as at first. A run that does not end goes on with the next look. */
async function reattach(
  { restApiId, owner, wish }: JournalState,
  { engine, write, now, sleep }: DriftCheckDependencies,
  context: TimeLeft,
): Promise<void> {
  if (engine === undefined) return;
  const run: LoggedRun = { restApiId, owner, what: 'Reattach' };
  const untilMs = now() + context.getRemainingTimeInMillis() - LONGEST_CALL_MS;
  const options = { untilMs, tell: createStepLog(write, run) };
  try {
    const attach = () => engine.reconcile(wish, options);
    logOutcome(write, run, await untilSettled(attach, { untilMs, now, sleep }));
  } catch (error) {
    logFailure(write, run, error instanceof ComesAgain && error.cause !== undefined ? error.cause : error);
    throw error;
  }
}
