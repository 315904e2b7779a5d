/** Takes one line of JSON. Never a body, a header or a query string: those may hold secrets. */
export type WriteLine = (line: string) => void;

/** What the function's log says about a request. */
export interface LoggedRequest {
  readonly requestId: string | undefined;
  readonly method: string;
  /** Names of consumers, scopes and keyIds; the Admin API has no secrets in paths. */
  readonly path: string;
  /** The ARN of the IAM principal that signed it. */
  readonly caller: string | undefined;
}

const MAX_PATH = 512;
/** Errors with messages that quote nothing. */
const OURS = ['StoreUnavailable', 'ApiKeysUnavailable'];

/** One line for each write that took effect, or may have: who did what. */
export function logWrite(write: WriteLine, request: LoggedRequest, status: number): void {
  const { method, path, caller, requestId } = request;
  const shown = path.slice(0, MAX_PATH);
  write(
    JSON.stringify({ level: 'info', message: 'written', method, path: shown, status, caller, requestId }),
  );
}

/** One line for an outage or a bug: names of errors, and messages only where they are ours. */
export function logFailure(write: WriteLine, error: unknown, requestId: string | undefined): void {
  const { name, message, cause } = error instanceof Error ? error : new Error('not an error');
  const detail = OURS.includes(name) ? message : undefined;
  const causeName = cause instanceof Error ? cause.name : undefined;
  write(
    JSON.stringify({ level: 'error', message: 'failed', reason: name, detail, cause: causeName, requestId }),
  );
}
