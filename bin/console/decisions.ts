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
  const decisions: Decision[] = [];
  let last = 0;
  return {
    record: (record) => {
      last += 1;
      decisions.push(decisionOf(record, { number: last, at: new Date(now()).toISOString() }));
      if (decisions.length > kept) decisions.shift();
    },
    since: async (after) => {
      const told = decisions.filter(({ number }) => number > after);
      // What comes while names are waited for is told the next time.
      const upTo = last;
      return { run, last: upTo, decisions: nameOf === undefined ? told : await named(told, nameOf) };
    },
  };
}

/** Those who were denied by their usernames. What cannot be looked up stays an id: nothing but what is shown depends on it. */
async function named(decisions: readonly Decision[], nameOf: NameOf): Promise<readonly Decision[]> {
  const ids = new Set(decisions.flatMap((decision) => idIn(decision) ?? []));
  const finding = [...ids].map(async (id) => [id, await soonOf(nameOf(id))] as const);
  const names = new Map(await Promise.all(finding));
  return decisions.map((decision) => {
    const username = names.get(idIn(decision) ?? '');
    return username ? { ...decision, consumer: username } : decision;
  });
}

/** An Allow has the username already, which may be another's id. */
const idIn = ({ outcome, consumer }: Decision): string | undefined =>
  outcome === 'denied' ? consumer : undefined;

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
