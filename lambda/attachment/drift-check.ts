import { ComesAgain, untilSettled } from './again.ts';
import { createStepLog, type LoggedRun, logFailure, logOutcome, type WriteLine } from './attachment-log.ts';
import type { TimeLeft } from './custom-resource.ts';
import { countDriftedMethods, type Drift, findDrift } from './find-drift.ts';
import type { Journal, JournalState } from './journal.ts';
import type { Live } from './live.ts';
import { LONGEST_CALL_MS, type Options, type ReattachOutcome } from './run.ts';

export interface DriftCheckDependencies {
  readonly restApiId: string;
  readonly journal: Pick<Journal, 'read'>;
  /** @returns undefined: the API is gone. */
  readonly readLive: (restApiId: string) => Promise<Live | undefined>;
  /** What attaches again where something was found. @default nothing does */
  readonly reattach?: ((owner: string, options: Options) => Promise<ReattachOutcome>) | undefined;
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
 * metric. While an attachment is being made or changed nobody knows what should be served, and nothing is counted; one
 * whose run ended halfway is looked at, since nobody may ever come to finish it.
 * @throws what journal and control plane throw, and what attaching again does: Lambda counts it among `Errors`
 */
export function createDriftCheck(dependencies: DriftCheckDependencies): DriftCheckHandler {
  const { restApiId, journal, readLive, write, now } = dependencies;
  return async (_event, context) => {
    const state = await journal.read(restApiId);
    if (state === undefined || isUnderWay(state, now())) {
      write(JSON.stringify({ level: 'info', message: 'not_looked_at', restApiId, phase: state?.phase }));
      return;
    }
    const drifts = findDrift(state, await readLive(restApiId));
    const DriftedMethods = countOf(drifts);
    for (const drift of drifts) tell(state, drift, write);
    count(DriftedMethods, dependencies);
    const isThere = !drifts.some(({ code }) => code === 'api_gone');
    if (drifts.length > 0 && isThere) await attachAgain(state, dependencies, context);
  };
}

const isUnderWay = ({ phase, heldUntilMs = 0 }: JournalState, nowMs: number): boolean =>
  phase === 'detaching' || (phase === 'attaching' && heldUntilMs > nowMs);

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

/**
 * By the wish that the journal has by then, with the same refusals as at first. A run that does not end goes on with the
 * next look.
 */
async function attachAgain(
  { restApiId, owner }: JournalState,
  { reattach, write, now, sleep }: DriftCheckDependencies,
  context: TimeLeft,
): Promise<void> {
  if (reattach === undefined) return;
  const run: LoggedRun = { restApiId, owner, what: 'Reattach' };
  const untilMs = now() + context.getRemainingTimeInMillis() - LONGEST_CALL_MS;
  const options = { untilMs, tell: createStepLog(write, run) };
  try {
    const outcome = await untilSettled(() => reattach(owner, options), { untilMs, now, sleep });
    logOutcome(write, run, outcome);
  } catch (error) {
    logFailure(write, run, error instanceof ComesAgain && error.cause !== undefined ? error.cause : error);
    throw error;
  }
}
