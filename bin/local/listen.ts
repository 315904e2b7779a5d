import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that accepts connections. */
export interface Listening {
  /** Such as `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, lets running ones end for a moment, then cuts what is left. */
  close(): Promise<void>;
}

/** Expected when another program, or another run, has the port: one line, for a person. */
export class PortInUseError extends Error {
  readonly code = 'port_in_use';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number) {
    super(`port ${port} on ${host} is in use: stop the program that has it, or choose another port`);
    this.name = 'PortInUseError';
    this.host = host;
    this.port = port;
  }
}

const GRACE_MS = 1_000;

/**
 * @param port 0 for any free one.
 * @throws PortInUseError, or Node's own error for another reason.
 */
export async function listen(server: Server, host: string, port: number): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(host, port) : error);
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, port: address.port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
