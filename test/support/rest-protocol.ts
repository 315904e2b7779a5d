/** AWS's REST protocol with JSON bodies (restJson1), as far as the tests' models of API Gateway speak it. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A verb, a path with `{names}`, and the operation that they mean. */
export type RestRoute<O extends string> = readonly [verb: string, path: string, operation: O];

export interface RestCall<O extends string> {
  readonly operation: O;
  /** What the path names. */
  readonly target: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RestAnswer {
  readonly status: number;
  readonly body?: object | undefined;
  /** `x-amzn-errortype` names the exception. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** @returns undefined where no route leads. */
export function callTo<O extends string>(
  routes: readonly RestRoute<O>[],
  { method = '', url = '' }: IncomingMessage,
  text: string,
): RestCall<O> | undefined {
  const { pathname, searchParams } = new URL(url, 'http://model.invalid');
  for (const [verb, path, operation] of routes) {
    const match = verb === method ? patternOf(path).exec(pathname) : null;
    if (match === null) continue;
    const target = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { operation, target, query: searchParams, body };
  }
  return undefined;
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

/** @param name the exception's. */
export const failed = (name: string, status: number, message = name): RestAnswer => ({
  status,
  body: { message },
  headers: { 'x-amzn-errortype': name },
});

export function send(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  response.end(body === undefined ? '' : JSON.stringify(body));
}
