/** A small Express Gateway: its Admin API's answers to GET, as 1.16.11 was seen to give them. */
import { createServer } from 'node:http';
import { listen } from '../../bin/local/listen.ts';
import { closeAtEnd } from '../support/gateway.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Gateway {
  users: Row[];
  apps: Row[];
  scopes: string[];
  /** Of every type; those of a consumer are found by `consumerId`, or by `listedFor` where that is another. */
  credentials: Row[];
  /** Rows of a page, whatever is asked for. @default all */
  pageOf?: number;
  /** Answers instead, where it returns one. */
  instead?: (path: string) => Answer | undefined;
}

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly url: string;
  /** `GET /users?…`, in order. */
  readonly requests: readonly string[];
  /** The headers of the last request. */
  headers(): Readonly<Record<string, unknown>>;
}

const SCHEMAS = [{ type: 'model', schema: { $id: 'http://express-gateway.io/models/users.json' } }];

export async function startGateway(gateway: Gateway): Promise<Running> {
  const requests: string[] = [];
  let headers: Readonly<Record<string, unknown>> = {};
  const server = createServer((request, response) => {
    const { url = '', method } = request;
    requests.push(`${method} ${url}`);
    headers = request.headers;
    const path = url.split('?')[0] ?? '';
    const {
      status,
      body,
      headers: more,
    }: Answer = gateway.instead?.(path) ?? answerOf(gateway, new URL(url, 'http://x'));
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...more }).end(body);
  });
  const { url } = closeAtEnd(await listen(server, '127.0.0.1', 0));
  return { url, requests, headers: () => headers };
}

function answerOf(gateway: Gateway, { pathname, searchParams }: URL) {
  const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
  const [, list = '', id] = pathname.split('/').map(decodeURIComponent);
  if (list === 'schemas') return json(SCHEMAS);
  if (list === 'scopes') return json({ scopes: gateway.scopes.length > 0 ? gateway.scopes : null });
  if (list === 'users' || list === 'apps') {
    const start = Number(searchParams.get('start') ?? 0);
    const end = start + (gateway.pageOf ?? Number(searchParams.get('count') ?? 100));
    const rows = gateway[list];
    return json({ [list]: rows.slice(Math.max(0, start - 1), end), nextKey: end < rows.length ? end : 0 });
  }
  // A username goes before an id.
  const user = gateway.users.find(({ username }) => username === id);
  const consumer = user?.['id'] ?? id;
  const credentials = gateway.credentials
    .filter(({ consumerId, listedFor }) => (listedFor ?? consumerId) === consumer)
    .map(({ listedFor: _, ...row }) => row);
  return json({ credentials });
}

let count = 0;

/** As Express Gateway draws them. */
export function uuid(): string {
  count += 1;
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}

const times = { createdAt: String(new Date(0)), updatedAt: String(new Date(0)) };

export const user = (username: string, more: Row = {}): Row & { readonly id: string } => ({
  ...{ isActive: true, username, id: uuid(), firstname: 'Ann', lastname: 'Lee', ...times },
  ...more,
});

export const app = (userId: string, name: string, more: Row = {}): Row & { readonly id: string } => ({
  ...{ isActive: true, id: uuid(), userId, name, ...times },
  ...more,
});

export const SECRET = 'a-key-secret-of-a-test-with-more-than-32-bytes';

export const credential = (consumerId: string, keyId: string, more: Row = {}): Row => ({
  ...{ isActive: true, keyId, keySecret: SECRET, scopes: null, consumerId, id: keyId, type: 'jwt' },
  ...times,
  ...more,
});
