import { randomUUID } from 'node:crypto';
import type { WatchedRequest } from '../local/gateway.ts';
import type { Decision, Decisions } from './wire.ts';

/** The last requests through a gateway, in memory alone. */
export interface DecisionLog {
  record(record: WatchedRequest): void;
  /** @param after a decision's number; 0: all that are kept. Who was denied is looked up now, if anybody can. */
  since(after: number): Promise<Decisions>;
}

const KEPT = 500;
/** A name is worth no longer wait to who looks on. */
const NAMED_WITHIN_MS = 1_000;
const LONGEST_PATH = 200;

/** @returns the username behind a consumer's id; undefined where there is none. */
type NameOf = (consumerId: string) => Promise<string | undefined>;

interface DecisionLogOptions {
  /** How many. @default 500 */
  readonly kept?: number;
  /** A Deny says the consumer's id alone, an Allow the username too. @default ids stay */
  readonly nameOf?: NameOf;
}

/** @param now milliseconds since 1970. */
export function createDecisionLog(
  now: () => number,
  { kept = KEPT, nameOf }: DecisionLogOptions = {},
): DecisionLog {
  const run = randomUUID();
  const entries: Kept[] = [];
  let last = 0;
  return {
    record: (record) => {
      last += 1;
      const decision = decisionOf(record, { number: last, at: new Date(now()).toISOString() });
      entries.push({ decision, consumerId: consumerIdIn(record) });
      if (entries.length > kept) entries.shift();
    },
    since: async (after) => {
      const told = entries.filter(({ decision }) => decision.number > after);
      // What comes while names are waited for is told the next time.
      const upTo = last;
      return { run, last: upTo, decisions: await named(told, nameOf) };
    },
  };
}

interface Kept {
  readonly decision: Decision;
  /** Who it was, where that has no name yet. */
  readonly consumerId: string | undefined;
}

/** A Deny names the consumer by its id; who was let in once, and then turned away, has a username, which may be another's id. */
const consumerIdIn = ({ reason, caller }: WatchedRequest): string | undefined =>
  reason === 'explicit_deny' ? caller : undefined;

/** By their usernames. Who cannot be looked up stays an id: nothing but what is shown depends on it. */
async function named(entries: readonly Kept[], nameOf: NameOf = noName): Promise<readonly Decision[]> {
  const ids = new Set(entries.flatMap(({ consumerId }) => consumerId ?? []));
  const finding = [...ids].map(async (id) => [id, await soonOf(nameOf(id))] as const);
  const names = new Map(await Promise.all(finding));
  return entries.map(({ decision, consumerId = '' }) => {
    const username = names.get(consumerId);
    return username ? { ...decision, consumer: username } : decision;
  });
}

const noName: NameOf = async () => undefined;

/** @returns undefined for what fails, or takes longer than is waited for. */
function soonOf<T>(found: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, NAMED_WITHIN_MS, undefined);
    found.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer));
  });
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
