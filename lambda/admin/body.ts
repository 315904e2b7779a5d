/** Bodies of requests: bounded, JSON objects only. */
import type { Context } from 'hono';
import { Refusal } from './refusal.ts';

/** As Express Gateway's own limit. */
export const MAX_BODY_BYTES = 102_400;

export type Body = Readonly<Record<string, unknown>>;

/** @throws Refusal: 413 for more than 102,400 bytes, 415 for another type, 400 for what is no JSON object. */
export async function readBody(context: Context): Promise<Body> {
  const value = parseJson(await readText(context.req.raw));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'the body must be a JSON object');
  }
  return value as Body;
}

/** As {@link readBody}, and 400 for members that the route does not know. */
export async function readStrictBody(context: Context, members: readonly string[]): Promise<Body> {
  const body = await readBody(context);
  const unknown = Object.keys(body).filter((name) => !members.includes(name));
  if (unknown.length > 0) throw new Refusal(400, `the body may have: ${members.join(', ')}`);
  return body;
}

/** Takes a body that may be missing. @returns an empty object then. */
export async function readOptionalBody(context: Context, members: readonly string[]): Promise<Body> {
  const { headers, body } = context.req.raw;
  const isMissing = body === null || headers.get('content-length') === '0';
  return isMissing ? {} : readStrictBody(context, members);
}

async function readText(request: Request): Promise<string> {
  if (!/^application\/json[ \t]*(?:;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new Refusal(415, 'the body must be application/json');
  }
  const tooLarge = new Refusal(413, `the body must have at most ${MAX_BODY_BYTES} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // A body of unknown length is given up on as soon as it is too long.
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'the body is no valid JSON');
  }
}

/** @throws Refusal 400 */
export function readStatus(body: Body): boolean {
  const { status } = body;
  if (typeof status !== 'boolean') throw new Refusal(400, 'data.status must be true or false');
  return status;
}

/** What must be there, in the words of Express Gateway's validation. @throws Refusal 400 */
export function assertMembers(body: Body, required: readonly string[]): void {
  const missing = required.find((name) => body[name] === undefined || body[name] === null);
  if (missing !== undefined) throw new Refusal(400, `data should have required property '${missing}'`);
}
