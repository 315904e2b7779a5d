import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { reasonOf } from '../consumers/remote-api.ts';
import { type GatewayRequest, targetOf } from '../local/request.ts';

/** As a client sees it. */
export interface ApiAnswer {
  readonly status: number;
  /** By name in lower case; of several values the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @returns why nobody answered, where nobody did. */
export type CallApi = (request: GatewayRequest) => Promise<ApiAnswer | { readonly unreachable: string }>;

/** API Gateway itself gives up after 29 s. */
const TIMEOUT_MS = 35_000;
const MOST_BYTES = 65_536;

/**
 * Sends requests as they are written: nothing of the path and of the headers' names is normalised.
 * @param base the URL above the paths: of a stage, with its name; https, or http on this machine.
 */
export function callingApi(base: URL): CallApi {
  const request = base.protocol === 'https:' ? requestHttps : requestHttp;
  const above = base.pathname.replace(/\/+$/, '');
  return (asked) =>
    new Promise((resolve) => {
      const outgoing = request(
        {
          ...{ host: base.hostname.replace(/^\[|\]$/g, ''), port: base.port || undefined },
          ...{ method: asked.method, path: `${above}${targetOf(asked)}`, agent: false },
          headers: {
            accept: '*/*',
            'user-agent': 'jwt-authorizer doctor',
            ...Object.fromEntries(asked.headers),
          },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          const end = () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
              ),
              body: Buffer.concat(chunks).toString('utf8'),
            });
          incoming.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= MOST_BYTES) chunks.push(chunk);
            // What is of interest is short, and comes first.
            else incoming.destroy();
          });
          incoming.on('error', end).on('close', end);
        },
      );
      outgoing.on('error', (error) => resolve({ unreachable: reasonOf(error) }));
      // An answer of 101 has no body, no end and no error.
      outgoing.on('upgrade', (_answer, socket) => socket.destroy());
      outgoing.on('close', () => resolve({ unreachable: 'the connection was closed' }));
      outgoing.end();
    });
}
