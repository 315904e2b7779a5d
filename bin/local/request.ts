import type { IncomingMessage } from 'node:http';

/**
 * A request as it came over the wire: nothing decoded, nothing normalised, header names as the client spelt
 * them. What is decided on and what is forwarded must be the same text.
 */
export interface GatewayRequest {
  readonly method: string;
  /** Starts with `/`; up to the `?`. */
  readonly rawPath: string;
  /** After the `?`, without it; undefined when there is none. */
  readonly rawQuery?: string;
  readonly headers: readonly Pair[];
  readonly sourceIp: string;
}

export type Pair = readonly [name: string, value: string];

const TARGET = /^\/[!-~]*$/;
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/**
 * @returns undefined for a request target that has no path of ours (`OPTIONS *`), or one that readers take
 * apart differently (a fragment, raw control or non-ASCII characters).
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function readRequest(incoming: IncomingMessage): GatewayRequest | undefined {
  const target = splitTarget(originForm(incoming.url ?? ''));
  return (
    target && {
      ...target,
      method: incoming.method ?? '',
      headers: pairsOf(incoming.rawHeaders),
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    }
  );
}

/** @returns undefined as {@link readRequest}. */
export function splitTarget(target: string): Pick<GatewayRequest, 'rawPath' | 'rawQuery'> | undefined {
  if (!TARGET.test(target) || target.includes('#')) return undefined;
  const mark = target.indexOf('?');
  return mark < 0
    ? { rawPath: target }
    : { rawPath: target.slice(0, mark), rawQuery: target.slice(mark + 1) };
}

/** The target as it goes into a request line: path and query, byte for byte. */
export function targetOf(request: GatewayRequest): string {
  return request.rawQuery === undefined ? request.rawPath : `${request.rawPath}?${request.rawQuery}`;
}

/** All values of a header, in order; the name is compared without case. */
export function headerValues(request: GatewayRequest, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return request.headers.filter(([given]) => given.toLowerCase() === wanted).map(([, value]) => value);
}

/**
 * The query's parameters, decoded, in order. A `;` splits as a `&` does, which API Gateway documents as a
 * limitation; what cannot be decoded stays as it is.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function queryPairs(request: GatewayRequest): readonly Pair[] {
  return (request.rawQuery ?? '')
    .split(/[&;]/)
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0
        ? [decodeQueryText(part), '']
        : [decodeQueryText(part.slice(0, equals)), decodeQueryText(part.slice(equals + 1))];
    });
}

export function queryValues(request: GatewayRequest, name: string): readonly string[] {
  return queryPairs(request)
    .filter(([given]) => given === name)
    .map(([, value]) => value);
}

/** API Gateway's quota of 10,240 bytes counts the request line and the headers' values. */
export function headBytes(request: GatewayRequest): number {
  const requestLine = `${request.method} ${targetOf(request)} HTTP/1.1`;
  return request.headers.reduce((sum, [, value]) => sum + value.length, requestLine.length);
}

/** Percent-decoding that leaves alone what is no valid UTF-8 escape, so that it never throws. */
export function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decodeQueryText(text: string): string {
  return decodeLeniently(text.replaceAll('+', ' '));
}

function originForm(target: string): string {
  const authority = ABSOLUTE_FORM.exec(target);
  if (!authority) return target;
  const rest = target.slice(authority[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function pairsOf(rawHeaders: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return pairs;
}
