import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { MAX_BODY_BYTES } from './admit.ts';
import type { GatewayResponse } from './gateway-responses.ts';
import { parseUpstream, type UpstreamRequest, type UpstreamTarget } from './upstream-request.ts';

/** The two ends of a request that is being answered. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
}

/** How forwarding ended; for a failure before the answer began, what API Gateway says then. */
export type Forwarded =
  | { readonly outcome: 'answered'; readonly status: number }
  | { readonly outcome: 'cut_off'; readonly status: number }
  | { readonly outcome: 'client_gone' }
  | { readonly outcome: 'failed'; readonly response: GatewayResponse };

export interface Upstream {
  readonly target: UpstreamTarget;
  forward(request: UpstreamRequest, exchange: Exchange): Promise<Forwarded>;
  close(): Promise<void>;
}

/**
 * An HTTP proxy integration: bodies stream both ways, nothing is retried, no redirect is followed.
 * @param timeoutMs for the whole integration, from the first byte sent to the last received. @default 29,000
 * @throws TypeError when `url` is no upstream.
 */
export function createUpstream(url: string, timeoutMs = 29_000): Upstream {
  const target = parseUpstream(url);
  // Our own timer covers every phase; undici's would answer in other words.
  const pool = new Pool(target.origin, {
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: timeoutMs + 1_000,
    allowH2: false,
  });
  return {
    target,
    forward: (request, exchange) => forward(pool, timeoutMs, { request, exchange }),
    close: () => pool.destroy(),
  };
}

/** Undici's lowest level, without a stream of its own between the upstream's connection and the client's. */
function forward(
  pool: Pool,
  timeoutMs: number,
  { request, exchange }: { readonly request: UpstreamRequest; readonly exchange: Exchange },
): Promise<Forwarded> {
  const { incoming, outgoing } = exchange;
  const body = hasBody(incoming) ? limited(incoming) : null;
  const method = (incoming.method ?? 'GET') as Dispatcher.HttpMethod;
  return new Promise((resolve) => {
    let toUpstream: Dispatcher.DispatchController | undefined;
    let stoppedBy: Error | undefined;
    let status: number | undefined;
    const settle = (forwarded: Forwarded) => {
      clearTimeout(timer);
      outgoing.off('close', onClose);
      resolve(forwarded);
    };
    const stop = (reason: Error) => {
      stoppedBy = reason;
      toUpstream?.abort(reason);
      body?.destroy();
      settle(ending(reason, outgoing, status));
    };
    // Comes after every answer; before its last byte is on its way, it is the client that left.
    const onClose = () => {
      if (outgoing.writableFinished && status !== undefined) settle({ outcome: 'answered', status });
      else stop(new ClientGone());
    };
    const timer = setTimeout(() => stop(new IntegrationTimeout()), timeoutMs);
    outgoing.once('close', onClose);
    pool.dispatch(
      { ...request, method, body },
      {
        onRequestStart(controller) {
          toUpstream = controller;
          // While it waited for a connection.
          if (stoppedBy !== undefined) controller.abort(stoppedBy);
        },
        onResponseStart(_, statusCode, headers) {
          if (statusCode < 200 || stoppedBy !== undefined) return;
          outgoing.writeHead(statusCode, clientHeaders(headers, exchange.requestId));
          status = statusCode;
        },
        onResponseData(controller, chunk) {
          if (stoppedBy !== undefined || outgoing.write(chunk)) return;
          controller.pause();
          outgoing.once('drain', () => controller.resume());
        },
        onResponseEnd() {
          if (stoppedBy === undefined) outgoing.end();
        },
        onResponseError(_, error) {
          if (stoppedBy === undefined) stop(error);
        },
      },
    );
  });
}

class ClientGone extends Error {}
class IntegrationTimeout extends Error {}
class BodyTooLarge extends Error {}

function ending(error: unknown, outgoing: ServerResponse, status: number | undefined): Forwarded {
  if (error instanceof ClientGone || (outgoing.destroyed && status === undefined))
    return { outcome: 'client_gone' };
  if (status !== undefined && outgoing.headersSent) {
    // Too late for another status: a cut connection is the only way to say that the answer is incomplete.
    outgoing.destroy();
    return { outcome: 'cut_off', status };
  }
  if (error instanceof IntegrationTimeout) return { outcome: 'failed', response: 'INTEGRATION_TIMEOUT' };
  if (error instanceof BodyTooLarge) return { outcome: 'failed', response: 'REQUEST_TOO_LARGE' };
  return { outcome: 'failed', response: 'INTEGRATION_FAILURE' };
}

/** RFC 9112 §6.3: a request has a body exactly when one of these is there. */
function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A chunked body says its length only by its end. */
function limited(incoming: Readable): Readable {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) done(new BodyTooLarge());
      else done(null, chunk);
    },
  });
  // Not `pipeline`: when the upload is refused, the client's connection must survive for the answer.
  incoming.once('error', (error) => counter.destroy(error));
  counter.once('close', () => incoming.unpipe(counter).resume());
  return incoming.pipe(counter);
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** API Gateway has these of its own, and renames the upstream's. */
const REMAPPED = new Set(['date', 'server', 'www-authenticate']);

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
function clientHeaders(answer: IncomingHttpHeaders, requestId: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { 'x-amzn-RequestId': requestId };
  const named = new Set(
    String(answer['connection'] ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  for (const [name, value] of Object.entries(answer)) {
    if (HOP_BY_HOP.has(name) || (named.has(name) && name !== 'content-length')) continue;
    if (name === 'x-amzn-requestid') continue;
    headers[REMAPPED.has(name) ? `x-amzn-remapped-${name}` : name] = value;
  }
  return headers;
}
