/** Asks the server that the page is from, and nobody else. */

/** What the server said instead of an answer: a sentence for a person. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

let key: string | undefined;

/** The key that the console of a deployed table asks for with each request. */
export function showKey(given: string): void {
  key = given;
}

/**
 * @param path from the server's root, such as `/users`. @param body sent as JSON when it is given.
 * @returns the JSON of the answer; undefined for an answer without a body.
 * @throws Refused
 */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'x-console-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(0, 'The server does not answer. Is it still running?');
  }
  const text = await response.text();
  if (!response.ok)
    throw new Refused(response.status, text === '' ? `The answer is ${response.status}` : text);
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return (isJson ? JSON.parse(text) : undefined) as T;
}

export const messageOf = (error: unknown): string =>
  error instanceof Refused ? error.message : 'That did not work, for a reason that nobody foresaw.';
