import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { KeyUnavailable } from './key-unavailable.ts';
import { ATTEMPT_LIMIT_MS } from './times.ts';

/** Fetches a JSON document. @throws KeyUnavailable */
export type GetJson = (address: string, signal: AbortSignal) => Promise<unknown>;

/** The largest key sets with their certificates have some 50 kB. */
const MAXIMUM_BYTES = 256 * 1024;

/**
 * One GET. No redirect is followed: the address in the configuration is the one that is asked. An answer that
 * is not 200, too large, too slow or no JSON is none.
 * @param signal ends it early.
 */
export const getJson: GetJson = async (address, signal) => {
  const url = new URL(address);
  const fail = (what: string, cause?: unknown) =>
    new KeyUnavailable(`${url.origin}${url.pathname} ${what}`, { cause });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_LIMIT_MS)]);
  let body: Buffer;
  try {
    body = await receive(url, limited);
  } catch (error) {
    if (error instanceof BadAnswer) throw fail(error.message);
    throw fail(limited.aborted ? 'did not answer in time' : `cannot be reached${codeOf(error)}`, error);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw fail('answered with what is no JSON');
  }
};

class BadAnswer extends Error {}

/** ECONNREFUSED, CERT_HAS_EXPIRED, …: what to do about it depends on it. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${error.code})` : '';
}

function receive(url: URL, signal: AbortSignal): Promise<Buffer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options: RequestOptions = {
    // A connection of its own: one that is kept would be dead when a frozen function wakes.
    agent: false,
    headers: { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
    signal,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const refuse = (what: string) => {
        reject(new BadAnswer(what));
        answer.destroy();
      };
      if (answer.statusCode !== 200) {
        refuse(`answered ${answer.statusCode}`);
        return;
      }
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAXIMUM_BYTES) refuse(`answered with more than ${MAXIMUM_BYTES} bytes`);
        else chunks.push(chunk);
      });
      answer.on('end', () => resolve(Buffer.concat(chunks)));
      answer.on('error', reject);
      answer.on('close', () => reject(new BadAnswer('broke off')));
    });
    outgoing.on('error', reject);
    // Another protocol: Node.js drops the connection, and says nothing else.
    outgoing.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new BadAnswer('answered 101'));
    });
    outgoing.on('close', () => reject(new BadAnswer('broke off')));
    outgoing.end();
  });
}
