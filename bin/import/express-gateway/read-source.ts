/** All that an Express Gateway knows of its consumers, as its Admin API tells it. */
import { isRecord } from '../../../lambda/config/record.ts';
import { eachAtOnce } from '../../consumers/at-once.ts';
import type { Json } from '../../consumers/consumer-api.ts';
import { CommandFailure } from '../../consumers/failure.ts';
import { type AdminClient, AnswerFailure, assertExpressGateway } from './admin-client.ts';
import { textOf } from './text-of.ts';

export interface Source {
  readonly users: readonly Json[];
  readonly apps: readonly Json[];
  readonly scopes: readonly string[];
  /** Of every type, each once. */
  readonly credentials: readonly Json[];
  /** Consumers whose credentials could not be read, and why. */
  readonly unread: ReadonlyMap<string, string>;
  /** A list may have ended early: {@link readList}. */
  readonly maybeIncomplete: boolean;
}

/**
 * Express Gateway scans its whole database for a list, and filters afterwards: a page without a row says that
 * it is the last, though more may follow. So there is to be one page.
 */
const COUNT = 1_000_000;
const MAX_PAGES = 1_000;
const MAX_ROWS = 5_000_000;

/** @throws CommandFailure */
export async function readSource(client: AdminClient): Promise<Source> {
  await assertExpressGateway(client);
  const scopes = await client.get('/scopes');
  const users = await readList(client, 'users');
  const apps = await readList(client, 'apps');
  const { credentials, unread } = await readCredentials(client, users.rows, apps.rows);
  return {
    users: users.rows,
    apps: apps.rows,
    scopes: textsOf(isRecord(scopes) ? scopes['scopes'] : undefined),
    credentials,
    unread,
    maybeIncomplete: users.maybeIncomplete || apps.maybeIncomplete,
  };
}

/** Pages of Redis may repeat rows: each is taken once. */
async function readList(client: AdminClient, list: 'users' | 'apps') {
  const rows = new Map<unknown, Json>();
  const seen = new Set<string>();
  let [start, maybeIncomplete] = [FIRST, false];
  do {
    if (seen.has(start) || seen.size >= MAX_PAGES)
      throw new CommandFailure(`the list of ${list} does not end`);
    seen.add(start);
    const page = await client.get(`/${list}?start=${start}&count=${COUNT}`);
    const found = isRecord(page) ? page[list] : undefined;
    if (!isRecord(page) || !Array.isArray(found)) {
      throw new CommandFailure(`what answers has no list of ${list}; is it an Express Gateway?`);
    }
    for (const each of found) {
      // What is no record fails as one without an id, and alone.
      const row = isRecord(each) ? each : {};
      rows.set(row['id'] ?? row, row);
    }
    if (rows.size > MAX_ROWS) throw new CommandFailure(`more than ${MAX_ROWS} ${list} are too many`);
    maybeIncomplete = start !== FIRST && found.length === 0;
    start = nextOf(page['nextKey'], list);
  } while (start !== FIRST);
  return { rows: [...rows.values()], maybeIncomplete };
}

/** A cursor of Redis. It is also what says that there is no next page. */
const FIRST = '0';

/** @throws CommandFailure */
function nextOf(nextKey: unknown, list: string): string {
  const next = textOf(nextKey ?? FIRST);
  if (/^\d{1,20}$/.test(next)) return next;
  throw new CommandFailure(`the list of ${list} has a nextKey that is no number; is it an Express Gateway?`);
}

/** By consumer: the list of all credentials is that of its first hundred users and apps. */
async function readCredentials(client: AdminClient, users: readonly Json[], apps: readonly Json[]) {
  const credentials = new Map<unknown, Json>();
  const unread = new Map<string, string>();
  // It looks for a username first, so it would answer with somebody else's.
  const usernames = new Set(users.map(({ username }) => username));
  // Those of others fail, and what they held has no holder.
  const ids = [...users, ...apps].map(({ id }) => textOf(id)).filter((id) => /^[\w-]+$/.test(id));
  await eachAtOnce(ids, async (id) => {
    if (usernames.has(id)) {
      unread.set(id, 'another user has its id as a username, and is answered for it');
      return;
    }
    try {
      const answer = await client.get(`/credentials/${encodeURIComponent(id)}`);
      const found = isRecord(answer) && Array.isArray(answer['credentials']) ? answer['credentials'] : [];
      // A keyId that was made again for another consumer is still among those of its first one.
      for (const each of found) {
        const row = isRecord(each) ? each : { type: 'jwt' };
        const { type, id: own } = row;
        const key = typeof own === 'string' ? JSON.stringify([textOf(type), own]) : row;
        credentials.set(key, row['consumerId'] === undefined ? { ...row, consumerId: id } : row);
      }
    } catch (error) {
      if (!(error instanceof AnswerFailure)) throw error;
      unread.set(id, error.message);
    }
  });
  return { credentials: [...credentials.values()], unread };
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
