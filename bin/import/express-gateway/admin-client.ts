/** Reads the Admin API of an Express Gateway: bounded in time and size, and nothing but GET. */
import { isRecord } from '../../../lambda/config/record.ts';
import type { Json } from '../../consumers/consumer-api.ts';
import { CommandFailure } from '../../consumers/failure.ts';
import { reasonOf } from '../../consumers/remote-api.ts';
import { textOf } from './text-of.ts';

const TIMEOUT_MS = 120_000;
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** It answered that it failed: another question may fare better. */
export class AnswerFailure extends CommandFailure {
  override readonly name = 'AnswerFailure';
}

export interface AdminClient {
  /** @returns a JSON value; undefined for 404. @throws CommandFailure, AnswerFailure */
  get(path: string): Promise<unknown>;
}

/**
 * @param baseUrl what stands above `/users`.
 * @param headers what a proxy in front of it asks for.
 */
export function adminClient(baseUrl: URL, headers: Readonly<Record<string, string>> = {}): AdminClient {
  const base = baseUrl.href.replace(/\/+$/, '');
  return {
    async get(path) {
      const response = await fetched(`${base}${path}`, headers, baseUrl.origin);
      if (response.status === 404) return undefined;
      if (response.status === 401 || response.status === 403) {
        throw new CommandFailure(
          `${baseUrl.origin} answers ${response.status}: its Admin API lies behind a policy; give what that asks for with -H NAME:VALUE, or the Admin API's own port`,
        );
      }
      if (response.status !== 200) {
        throw new AnswerFailure(`it answers ${response.status} to ${path}; see the log of Express Gateway`);
      }
      return parsed(response.text, baseUrl.origin);
    },
  };
}

/** @throws CommandFailure when what answers is something else. */
export async function assertExpressGateway({ get }: AdminClient): Promise<void> {
  const schemas = await get('/schemas');
  const isIts = (entry: unknown) =>
    isRecord(entry) && isRecord(entry['schema']) && /express-gateway/.test(textOf(entry['schema']['$id']));
  if (!Array.isArray(schemas) || !schemas.some(isIts)) throw new CommandFailure(NO_EXPRESS_GATEWAY);
}

const NO_EXPRESS_GATEWAY =
  'what answers is no Admin API of Express Gateway 1.16; --admin-url is the source here, the URL above its /users';

async function fetched(url: string, headers: Readonly<Record<string, string>>, origin: string) {
  try {
    const response = await fetch(url, {
      headers,
      // What is sent is for this host alone, and what comes back holds secrets.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: response.ok ? await boundedText(response) : '' };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(
      `no answer from ${origin} (${reasonOf(error)}); is it running, and is the URL right?`,
    );
  }
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES)
      throw new CommandFailure('an answer has more than 256 MiB; that is too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, origin: string): unknown {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CommandFailure(`${origin}: ${NO_EXPRESS_GATEWAY}`);
  }
}
