import { isLoopback } from '../../lambda/config/loopback.ts';
import { answerOf, type ConsumerApi, Unreachable } from './consumer-api.ts';
import { WrongUsage } from './failure.ts';

const TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Adds what proves who asks. @returns the headers to send. */
export type Sign = (request: OutgoingRequest) => Promise<Readonly<Record<string, string>>>;

/**
 * An Admin API over HTTP.
 * @param baseUrl what stands above `/users`.
 */
export function remoteApi(baseUrl: URL, sign?: Sign): ConsumerApi {
  const base = baseUrl.href.replace(/\/+$/, '');
  return {
    async send({ method, path, body }) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const url = new URL(`${base}${path}`);
      const headers: Record<string, string> =
        text === undefined ? {} : { 'content-type': 'application/json' };
      const request = { method, url, headers, ...(text !== undefined && { body: text }) };
      const signed = sign === undefined ? headers : await sign(request);
      try {
        const response = await fetch(url, {
          method,
          headers: signed,
          // What is sent, secrets included, is for this host alone.
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MS),
          ...(text !== undefined && { body: text }),
        });
        if (Number(response.headers.get('content-length') ?? 0) > MAX_ANSWER_BYTES) throw new RangeError();
        return await answerOf(response);
      } catch (error) {
        throw new Unreachable(
          `no answer from ${baseUrl.origin} (${reasonOf(error)}); is it running, and is the URL right?`,
        );
      }
    },
    close: async () => undefined,
  };
}

/**
 * @param option the one that gives it.
 * @throws WrongUsage for what is no URL of an Admin API, and for what would send secrets in the clear.
 */
export function parseAdminUrl(text: string, option = '--admin-url'): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) {
    throw new WrongUsage(`${option} must be an http(s) URL without query and fragment`);
  }
  // Not repeated: there is a password in it.
  if (url.username || url.password) throw new WrongUsage(`${option} must not hold credentials`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new WrongUsage(`${option} must be https, since secrets travel; http is for this machine alone`);
  }
  return url;
}

/** What fetch itself refuses to do; it has no code, and its text alone tells it. */
const REFUSED_BY_FETCH: ReadonlyMap<string, string> = new Map([
  ['unexpected redirect', 'it redirects to another address, which is not followed'],
  ['bad port', 'EBADPORT: a port that fetch does not use'],
]);

/** @returns the code of what went wrong on the way, for a message: nothing of what was sent. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const refused = cause instanceof Error ? REFUSED_BY_FETCH.get(cause.message) : undefined;
  if (refused !== undefined) return refused;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown failure';
}
