import { type DenialCode, denialEntry } from './denial.ts';
import type { AuthorizationRequest } from './request.ts';

/** Takes one line. Never a token, a key, a claim or a request's text beside its resource and method. */
export type WriteLine = (line: string) => void;

/** One JSON line for a denial. @param credentialId only of a caller whose token was verified. */
export function logDenial(
  write: WriteLine,
  code: DenialCode,
  { request, credentialId }: { request: AuthorizationRequest; credentialId?: string | undefined },
): void {
  const { requestId, method, resource } = request;
  write(
    JSON.stringify({
      level: denialEntry(code).level,
      message: 'denied',
      code,
      method,
      resource,
      requestId,
      credentialId,
    }),
  );
}

/** One JSON line for a token that was denied, and its caller let through as anonymous. */
export function logPassedThrough(
  write: WriteLine,
  code: DenialCode,
  { method, resource, requestId }: AuthorizationRequest,
): void {
  write(JSON.stringify({ level: 'info', message: 'anonymous', code, method, resource, requestId }));
}

/** Errors of ours, whose messages are known to hold nothing of the request. */
const OURS = ['EventMalformed', 'KeyUnavailable', 'OutOfTime', 'StoreUnavailable'] as const;
/** The error's name; `Fault` for those that nobody foresaw. */
export type UnavailableReason = (typeof OURS)[number] | 'Fault';

/** What an outage is counted by. */
export function unavailableReason(error: unknown): UnavailableReason {
  return OURS.find((name) => error instanceof Error && error.name === name) ?? 'Fault';
}

/** One JSON line for an outage or a fault of ours. */
export function logUnavailable(write: WriteLine, error: unknown, requestId: string | undefined): void {
  write(JSON.stringify({ level: 'error', message: 'unavailable', ...reasonOf(error), requestId }));
}

/** One JSON line for an outage that what was read before is served through. */
export function logStale(write: WriteLine, error: unknown): void {
  write(JSON.stringify({ level: 'warn', message: 'stale_credentials', ...reasonOf(error) }));
}

/** One JSON line for keys that could not be fetched, whether or not others serve meanwhile. */
export function logKeyFailure(write: WriteLine, error: unknown, policyIndex: number): void {
  const policy = `jwt[${policyIndex}]`;
  write(JSON.stringify({ level: 'warn', message: 'key_refresh_failed', policy, ...reasonOf(error) }));
}

function reasonOf(error: unknown): object {
  const { name, message, cause } = error instanceof Error ? error : new Error('not an error');
  const detail = unavailableReason(error) === 'Fault' ? undefined : message;
  return { reason: name, detail, cause: cause instanceof Error ? cause.name : undefined };
}
