import type { IncomingHttpHeaders } from 'node:http';

/** Why a local server that holds secrets does not take a request. */
export type LoopbackRefusal = 'host_not_allowed' | 'origin_not_allowed' | 'content_type_not_allowed';

/**
 * The rules for local servers that hold secrets (Admin API, gateway controls, console). Listening on
 * 127.0.0.1 keeps other machines out, but not the pages in this machine's browser:
 * - a `Host` other than our own names means DNS rebinding: a foreign name that resolves to 127.0.0.1;
 * - an `Origin` other than ours is a foreign page, `null` (sandboxes, files) included;
 * - a body that is not `application/json` is what a page can send without asking first.
 *
 * The gateway's own port has none of these: it stands for a public API.
 *
 * @param port that the server listens on.
 * @returns undefined when the request may go on. Hosts and origins are answered with 403, bodies with 415.
 */
export function loopbackRefusal(headers: IncomingHttpHeaders, port: number): LoopbackRefusal | undefined {
  const hosts = allowedHosts(port);
  if (!hosts.includes(headers.host?.toLowerCase() ?? '')) return 'host_not_allowed';
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin.toLowerCase() === `http://${host}`)) {
    return 'origin_not_allowed';
  }
  if (mayHaveBody(headers) && !isJson(headers['content-type'])) return 'content_type_not_allowed';
  return undefined;
}

/** Browsers leave out the port where it is the scheme's own. */
function allowedHosts(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return port === 80
    ? [...names, ...names.map((name) => `${name}:80`)]
    : names.map((name) => `${name}:${port}`);
}

function mayHaveBody(headers: IncomingHttpHeaders): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || length !== '0';
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json[ \t]*(?:;|$)/i.test(contentType ?? '');
}
