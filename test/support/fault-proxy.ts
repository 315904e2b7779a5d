/** A door in front of a real server, which breaks in the ways that networks and services do. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';

/** Tells the server behind it where the door is. */
export const DOOR_HEADER = 'x-door';

/** A request that reached the door. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
  /** What the server behind the door answers. */
  genuine(): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Undefined members are as without a fault. */
export interface Fault {
  /** Nobody listens. */
  readonly isClosed?: true;
  /** What becomes of a connection, in the place of HTTP. */
  readonly connection?: (socket: Socket) => void;
  /** What becomes of a request. */
  readonly answer?: (exchange: Exchange) => unknown;
  /** Whether the door speaks TLS. @default as it was opened */
  readonly isTls?: boolean;
  /** What it shows, in the place of its own. */
  readonly certificate?: Certificate;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface FaultProxy {
  readonly port: number;
  /** From now on, connections that are open included. @param fault undefined: as without. */
  set(fault: Fault | undefined): Promise<void>;
  /** How many requests have reached it so far. */
  requests(): number;
  close(): Promise<void>;
}

/**
 * @param target the origin of the server behind it, plain HTTP.
 * @param certificate with one, the door speaks TLS.
 */
export async function startFaultProxy(target: string, certificate?: Certificate): Promise<FaultProxy> {
  let fault: Fault = {};
  let requests = 0;
  const sockets = new Set<Socket>();

  const http = createHttpServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    requests += 1;
    response.on('error', () => undefined);
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    const exchange = { request, body, response, genuine: () => forward(target, request, body) };
    await (fault.answer ?? passOn)(exchange);
  });
  http.on('clientError', (_, socket) => socket.destroy());

  const speakTls = (socket: Socket, shown: Certificate) => {
    const tls = createTlsServer(shown, (secure) =>
      http.emit(
        'connection',
        secure.on('error', () => undefined),
      ),
    );
    tls.on('tlsClientError', () => socket.destroy());
    tls.emit('connection', socket);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    const shown = fault.certificate ?? certificate;
    if (fault.connection !== undefined) fault.connection(socket);
    else if (shown !== undefined && (fault.isTls ?? certificate !== undefined)) speakTls(socket, shown);
    else http.emit('connection', socket);
  });

  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await listenOn(server, 0);
  return {
    port,
    requests: () => requests,
    async set(next) {
      fault = next ?? {};
      // A request that waits must not be answered by what comes after.
      hangUp();
      if (fault.isClosed && server.listening) await closed(server);
      if (!fault.isClosed && !server.listening) await listenOn(server, port);
    },
    async close() {
      hangUp();
      if (server.listening) await closed(server);
    },
  };
}

export async function passOn({ response, genuine }: Exchange): Promise<void> {
  send(response, await genuine());
}

/** Writes an answer as it stands; `content-length` is the body's unless the headers say otherwise. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-length': body.length, ...headers });
  response.end(body);
}

async function forward(target: string, { method = 'GET', url, headers }: IncomingMessage, body: Buffer) {
  const { host, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...kept } = headers;
  const answer = await fetch(new URL(url ?? '/', target), {
    method,
    headers: { ...(kept as Record<string, string>), [DOOR_HEADER]: `http://${host}` },
    ...(body.length > 0 && { body }),
    redirect: 'manual',
  });
  const sent = Object.fromEntries(answer.headers);
  for (const name of ['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'content-encoding'])
    delete sent[name];
  return { status: answer.status, headers: sent, body: Buffer.from(await answer.arrayBuffer()) };
}

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

const closed = (server: Server) => new Promise<void>((resolve) => void server.close(() => resolve()));
