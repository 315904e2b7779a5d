import { randomUUID } from 'node:crypto';
import type { WatchedRequest } from '../local/gateway.ts';
import type { Decision, Decisions } from './wire.ts';

/** The last requests through a gateway, in memory alone. */
export interface DecisionLog {
  record(record: WatchedRequest): void;
  /** @param after a decision's number; 0: all that are kept. */
  since(after: number): Decisions;
}

const KEPT = 500;
const LONGEST_PATH = 200;

/** @param now milliseconds since 1970. @param kept how many. @default 500 */
export function createDecisionLog(now: () => number, kept = KEPT): DecisionLog {
  const run = randomUUID();
  const decisions: Decision[] = [];
  let last = 0;
  return {
    record: (record) => {
      last += 1;
      decisions.push(decisionOf(record, { number: last, at: new Date(now()).toISOString() }));
      if (decisions.length > kept) decisions.shift();
    },
    since: (after) => ({ run, last, decisions: decisions.filter(({ number }) => number > after) }),
  };
}

function decisionOf(record: WatchedRequest, begun: Pick<Decision, 'number' | 'at'>): Decision {
  const { method, path, resource, status, cache, durationMs, caller } = record;
  const outcome = outcomeOf(record);
  const code = record.code ?? (outcome === 'allowed' ? undefined : record.reason);
  return {
    ...begun,
    method,
    ...(path !== undefined && { path: shown(path) }),
    ...(resource !== undefined && { resource }),
    outcome,
    status,
    ...(code !== undefined && { code }),
    ...(caller !== undefined && { consumer: caller }),
    ...(cache !== undefined && { cache }),
    durationMs: Math.round(durationMs * 10) / 10,
  };
}

function outcomeOf({ reason, status }: WatchedRequest): Decision['outcome'] {
  if (reason === 'allowed' || reason === 'preflight') return 'allowed';
  if (status === 401 || status === 403 || status === 429) return 'denied';
  return status >= 500 ? 'failed' : 'other';
}

/**
 * Somebody may have put a token into a path, with its dots escaped perhaps. It begins where a word does: from each of its letters
 * anew, a path of one long word would take a time that grows with its square.
 */
const TOKEN_LIKE = /(?<![\w-])[\w-]{10,}(?:(?:\.|%2e)[\w-]*){2,}/gi;

function shown(path: string): string {
  const masked = path.replaceAll(TOKEN_LIKE, '…');
  return masked.length > LONGEST_PATH ? `${masked.slice(0, LONGEST_PATH)}…` : masked;
}
