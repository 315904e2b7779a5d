import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createAdminApp } from '../../lambda/admin/app.ts';
import { MAX_BODY_BYTES } from '../../lambda/admin/body.ts';
import { text } from '../../lambda/admin/refusal.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { showsKey } from '../console/key.ts';
import { AT_ONCE } from '../consumers/at-once.ts';
import { type Listening, listen } from './listen.ts';
import { loopbackRefusal } from './loopback.ts';

const HOST = '127.0.0.1';

/** What answers requests. */
interface App {
  fetch(request: Request): Response | Promise<Response>;
}

export interface AdminServerOptions {
  /** Undefined: there are no consumers, and so no Admin API. */
  readonly store?: ConsumerStore | undefined;
  /** Answers `/console` and all below it. @default it is not there */
  readonly console?: App;
  /** Whoever asks for more than the page shows it, else gets 401. @default nobody is asked */
  readonly key?: string;
  /** Whether it goes on with what earlier deletions have left behind. @default true */
  readonly cleansUp?: boolean;
  /** 0 for any free one. */
  readonly port: number;
  /** Gets what is no expected outcome: outages of the table, and bugs. @default nothing */
  readonly onError?: (error: unknown) => void;
  /** How long a client may take to send a request. Milliseconds. @default 30,000 */
  readonly requestTimeoutMs?: number;
}

/**
 * The Admin API, and the console beside it, on 127.0.0.1 under the loopback rules: 403 for a rebound host and a foreign
 * origin, 415 for a body that is not JSON. Goes on with what earlier deletions have left behind.
 * @throws PortInUseError
 */
export async function startAdminServer(options: AdminServerOptions): Promise<Listening> {
  const { store, console: consoleApp, key, cleansUp = true, onError, requestTimeoutMs = 30_000 } = options;
  const app: App = store === undefined ? NOTHING : createAdminApp({ store, ...(onError && { onError }) });
  // Express Gateway's CLI sends all lines of an import at once. The embedded table would answer the last of
  // them after the client has given up on it, so the others wait here.
  const inTurn = atMost(AT_ONCE, (request: Request) => app.fetch(request));
  const serve = getRequestListener(
    async (request: Request) => {
      const whole = await withWholeBody(request);
      return consoleApp !== undefined && isConsoles(whole) ? consoleApp.fetch(whole) : inTurn(whole);
    },
    { overrideGlobalObjects: false },
  );
  let port = options.port;
  const server = createServer(
    { connectionsCheckingInterval: requestTimeoutMs / 10 },
    (request: IncomingMessage, response: ServerResponse) => {
      const refusal = loopbackRefusal(request.headers, port);
      if (refusal !== undefined) {
        return refuse(response, refusal === 'content_type_not_allowed' ? 415 : 403, refusal);
      }
      if (key !== undefined && !showsKey(request.headers, request.url, key)) {
        return refuse(response, 401, 'Open the whole address that the command has printed: it ends in a key');
      }
      return void serve(request, response);
    },
  );
  // A body that does not come is not waited for.
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs / 2;
  const listening = await listen(server, HOST, port);
  port = listening.port;
  const cleaning = (cleansUp ? store : undefined)
    ?.resumeCleanUp()
    .catch((error: unknown) => onError?.(error));
  return {
    ...listening,
    close: async () => {
      await listening.close();
      await cleaning;
    },
  };
}

function refuse(response: ServerResponse, status: number, why: string): void {
  // Whatever else is being sent is not read.
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(why);
}

const NOTHING: App = { fetch: () => text('Not found', 404) };

const isConsoles = ({ url }: Request): boolean => /^\/console(?:\/|$)/.test(new URL(url).pathname);

/**
 * A request whose body is here. It is read before the request waits for its turn: while it waits, its time for
 * being sent would run out; and a body that does not come would keep a place.
 * @returns one byte more than is allowed of a body that is too long, for the app to refuse.
 */
async function withWholeBody(request: Request): Promise<Request> {
  if (request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) break;
  }
  const { method, headers, url } = request;
  return new Request(url, { method, headers, body: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES + 1) });
}

/** Runs so many calls at a time; the others wait in their order. */
function atMost<I, O>(count: number, run: (input: I) => O | Promise<O>): (input: I) => Promise<O> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (input) => {
    if (running >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run(input);
    } finally {
      // The place goes to the next one, or is free.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
