import type { GatewayRecord } from './gateway.ts';

/**
 * How the gateway ends a request that the function refuses: said beside the function's own code, these two add nothing to the
 * status.
 */
const SAID_BY_CODE = new Set(['explicit_deny', 'function_said_unauthorized']);

/** `POST /orders 403 scope_missing (cache hit)`: one line a request, without what the caller sent. */
export function requestLine(
  { method, resource, status, cache, ...why }: GatewayRecord,
  upstream: string,
): string {
  const used = cache === undefined ? '' : ` (cache ${cache})`;
  return `${method} ${resource ?? '-'} ${status} ${whyIn(why, upstream)}${used}`;
}

/** The function's word first, as the function's own log and `explain` have it. */
function whyIn({ reason, code }: Pick<GatewayRecord, 'reason' | 'code'>, upstream: string): string {
  if (/^integration_/.test(reason)) return `${reason} ${upstream}`;
  if (code === undefined) return reason;
  return SAID_BY_CODE.has(reason) ? code : `${code}, ${reason}`;
}
