/** Requests over connections that stay open, each connection's next one when its last is answered. */
import { Client } from 'undici';

/** As many at once: with fewer, what counts on a busy machine is how soon each process gets its turn. */
const CONNECTIONS = 64;

export interface Load {
  readonly url: string;
  /** How many in all. */
  readonly requests: number;
  /** The token of each next request. */
  readonly nextToken: () => string;
  /** The body of every answer, whose status is 200. */
  readonly expected: string;
}

export interface Throughput {
  readonly requestsPerSecond: number;
  /** 99 of 100 requests were answered within so many milliseconds. */
  readonly p99Ms: number;
}

/** @throws Error at the first answer that is another, or none. */
export async function load({ url, requests, nextToken, expected }: Load): Promise<Throughput> {
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(url, { pipelining: 1 }));
  const tookMs: number[] = [];
  let sent = 0;
  const send = async (client: Client) => {
    while (sent++ < requests) {
      const begin = performance.now();
      const body = await answerOf(client, nextToken());
      if (body !== expected) throw new Error(`not the upstream's answer: ${body}`);
      tookMs.push(performance.now() - begin);
    }
  };
  const begin = performance.now();
  try {
    await Promise.all(clients.map(send));
    const seconds = (performance.now() - begin) / 1000;
    tookMs.sort((a, b) => a - b);
    return {
      requestsPerSecond: tookMs.length / seconds,
      p99Ms: tookMs[Math.ceil(tookMs.length * 0.99) - 1] ?? Number.NaN,
    };
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

/** Undici's lowest level: anything above it costs as much as the gateways do. */
const answerOf = (client: Client, token: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let body = '';
    client.dispatch(
      { method: 'GET', path: '/orders/7', headers: { ...HEADERS, authorization: `Bearer ${token}` } },
      {
        // Tells undici which kind of handler this is.
        onRequestStart() {},
        onResponseStart(_, status) {
          if (status !== 200) body = `${status} `;
        },
        onResponseData(_, chunk) {
          body += chunk.toString('latin1');
        },
        onResponseEnd: () => resolve(body),
        onResponseError: (_, error) => reject(error),
      },
    );
  });

const HEADERS = { accept: 'application/json', 'user-agent': 'bench' };
