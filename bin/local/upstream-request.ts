import { NOTHING, UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';
import type { AuthorizerResult } from './authorizer-result.ts';
import { type GatewayRequest, headerValues, type Pair, targetOf } from './request.ts';

/** Where requests go: an origin, and a path that is put before every request's own. */
export interface UpstreamTarget {
  readonly origin: string;
  readonly host: string;
  /** Empty, or starting with `/` and not ending with one. */
  readonly basePath: string;
}

export interface UpstreamRequest {
  readonly path: string;
  /** Names and values in turn, as undici and Node take raw headers. */
  readonly headers: string[];
}

/**
 * @param url http or https, with a base path if any; no credentials, query or fragment.
 * @throws TypeError for any other.
 */
export function parseUpstream(url: string): UpstreamTarget {
  const { protocol, origin, host, pathname, search, hash, username, password } = new URL(url);
  const isPlain = search === '' && hash === '' && username === '' && password === '';
  if (!/^https?:$/.test(protocol) || !isPlain) {
    throw new TypeError('an upstream is an http(s) URL without credentials, query and fragment');
  }
  return { origin, host, basePath: pathname.replace(/\/+$/, '') };
}

/**
 * @returns the request for the upstream, its path as it was authorized, or undefined when that path could
 * climb out of the upstream's base path.
 */
export function buildUpstreamRequest(
  target: UpstreamTarget,
  request: GatewayRequest,
  caller: Pick<AuthorizerResult, 'principalId' | 'context'>,
): UpstreamRequest | undefined {
  if (target.basePath !== '' && DOT_SEGMENT.test(request.rawPath)) return undefined;
  const headers: readonly Pair[] = [
    ['host', target.host],
    ...forwardedHeaders(request),
    ...endToEndHeaders(request),
    ...callerHeaders(caller),
  ];
  return { path: `${target.basePath}${targetOf(request)}`, headers: headers.flat() };
}

/** In every spelling that some server decodes or folds before it resolves a path. */
const DOT_SEGMENT = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?=$|[/\\;]|%2f|%5c|%3b)/i;

/** RFC 9110 §7.6.1, and what the connection to the upstream has of its own. */
const NOT_FORWARDED = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

const OURS = new Set(Object.keys(UPSTREAM_HEADERS));

/**
 * A client must not be able to speak in our name: CGI and WSGI servers fold `x_authorizer_username` and
 * `x-authorizer-username` into one, some fold other punctuation too.
 */
function isOurs(name: string): boolean {
  return OURS.has(name.toLowerCase().replace(/[^a-z0-9]/g, '-'));
}

function endToEndHeaders(request: GatewayRequest): readonly Pair[] {
  const named = headerValues(request, 'connection').flatMap((value) => value.split(','));
  const hopByHop = new Set(named.map((name) => name.trim().toLowerCase()));
  // A body's length is not the connection's affair, whatever the client says: without it, framing changes.
  hopByHop.delete('content-length');
  return request.headers.filter(([name]) => {
    const folded = name.toLowerCase();
    return !NOT_FORWARDED.has(folded) && !hopByHop.has(folded) && !isOurs(name);
  });
}

function forwardedHeaders(request: GatewayRequest): readonly Pair[] {
  const hops = [...headerValues(request, 'x-forwarded-for'), request.sourceIp];
  return [
    ['x-forwarded-for', hops.join(', ')],
    ['x-forwarded-proto', 'http'],
  ];
}

function callerHeaders({
  principalId,
  context,
}: Pick<AuthorizerResult, 'principalId' | 'context'>): readonly Pair[] {
  return Object.entries(UPSTREAM_HEADERS).map(([header, entry]) => {
    const value = entry === 'principalId' ? principalId : Object.hasOwn(context, entry) ? context[entry] : '';
    return [header, headerSafe(value || NOTHING)];
  });
}

/**
 * Printable ASCII stays; every other byte of the UTF-8 text, `%` itself, and a space at either end (which
 * HTTP would drop) become `%XX`. So a value can neither end the header nor look like another caller's, and
 * `decodeURIComponent` gives it back.
 */
export function headerSafe(value: string): string {
  if (SAFE.test(value)) return value;
  const bytes = Buffer.from(value, 'utf8');
  let safe = '';
  for (const [i, byte] of bytes.entries()) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x25;
    const isInnerSpace = byte === 0x20 && i > 0 && i < bytes.length - 1;
    safe +=
      isPlain || isInnerSpace
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return safe;
}

/** What {@link headerSafe} leaves as it is. */
const SAFE = /^[!-$&-~](?:[ -$&-~]*[!-$&-~])?$/;
