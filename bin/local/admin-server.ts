import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createAdminApp } from '../../lambda/admin/app.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { type Listening, listen } from './listen.ts';
import { loopbackRefusal } from './loopback.ts';

const HOST = '127.0.0.1';

/**
 * Express Gateway's CLI sends all lines of an import at once. The embedded table would answer the last of
 * them after the client has given up on it, so the others wait here.
 */
const AT_ONCE = 8;

export interface AdminServerOptions {
  readonly store: ConsumerStore;
  /** 0 for any free one. */
  readonly port: number;
  /** Called after every write that took effect, or may have, before it is answered. @default nothing */
  readonly onChange?: () => Promise<void> | void;
  /** Gets what is no expected outcome: outages of the table, and bugs. @default nothing */
  readonly onError?: (error: unknown) => void;
}

/**
 * The Admin API on 127.0.0.1, under the loopback rules: 403 for a rebound host and a foreign origin, 415 for a
 * body that is not JSON. Goes on with what earlier deletions have left behind.
 * @throws PortInUseError
 */
export async function startAdminServer(options: AdminServerOptions): Promise<Listening> {
  const { store, onChange, onError } = options;
  const app = createAdminApp({ store, ...(onChange && { onChange }), ...(onError && { onError }) });
  const serve = getRequestListener(
    atMost(AT_ONCE, (request: Request) => app.fetch(request)),
    { overrideGlobalObjects: false },
  );
  let port = options.port;
  const server = createServer(
    { connectionsCheckingInterval: 1_000 },
    (request: IncomingMessage, response: ServerResponse) => {
      const refusal = loopbackRefusal(request.headers, port);
      if (refusal === undefined) return void serve(request, response);
      const status = refusal === 'content_type_not_allowed' ? 415 : 403;
      // Whatever else is being sent is not read.
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(refusal);
    },
  );
  // A body that does not come must not keep a place among those that are served.
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  const listening = await listen(server, HOST, port);
  port = listening.port;
  const cleaning = store.resumeCleanUp().catch((error: unknown) => onError?.(error));
  return {
    ...listening,
    close: async () => {
      await listening.close();
      await cleaning;
    },
  };
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
