/**
 * The one interface through which commands reach the consumers: requests of the Admin API, whoever answers
 * them. Two implementations: a store in this process (store-api.ts), and HTTP (remote-api.ts).
 */
import { refusalOf } from '../../lambda/admin/refusal.ts';
import { printable } from '../../lambda/authorizer/printable.ts';
import { CommandFailure, WrongUsage } from './failure.ts';
import { hintFor } from './hints.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, names encoded: {@link pathTo}. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** Whether the same may be taken after a while: it says when to try again. @default false */
  readonly isPassing?: boolean;
}

export const answerOf = async (response: Response): Promise<ApiAnswer> => ({
  status: response.status,
  text: await response.text(),
  isPassing: response.headers.has('retry-after'),
});

export interface ConsumerApi {
  /** @throws Unreachable when there is no answer. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  close(): Promise<void>;
}

/** Nobody answered, or the table could not be reached: the next call would fare no better. */
export class Unreachable extends CommandFailure {
  override readonly name = 'Unreachable';
}

/** The Admin API said no. */
export class Refused extends CommandFailure {
  override readonly name = 'Refused';
  readonly status: number;
  /** What the API said, without what to do about it. */
  readonly reason: string;
  /** Whether the same may be taken after a while: a name is held by what is only being made. */
  readonly isPassing: boolean;

  constructor({ status, text, isPassing = false }: ApiAnswer) {
    const reason = printable(text.slice(0, 500)) || `status ${status}`;
    const hint = hintFor(status, reason);
    super(hint === undefined ? reason : `${reason}; ${hint}`);
    this.status = status;
    this.reason = reason;
    this.isPassing = isPassing;
  }
}

const ALREADY = [
  { code: 'username_taken' },
  { code: 'id_taken' },
  { code: 'application_name_taken' },
  { code: 'key_id_taken' },
  { code: 'scope_exists' },
] as const;
const ALREADY_THERE: readonly string[] = ALREADY.map((failure) => refusalOf(failure).message);

/** Whether what was to be created exists. The wire format has the text alone to tell it by. */
export const isAlreadyThere = ({ status, reason }: Refused): boolean =>
  status === 409 && ALREADY_THERE.includes(reason);

export type Json = Readonly<Record<string, unknown>>;

/**
 * Sends a request.
 * @returns the JSON of the answer; an empty object where it has none.
 * @throws Refused, Unreachable
 */
export async function call(api: ConsumerApi, request: ApiRequest): Promise<Json> {
  const answer = await api.send(request);
  if (answer.status >= 500) throw new Unreachable(new Refused(answer).message);
  if (answer.status >= 300) throw new Refused(answer);
  if (answer.text === '') return {};
  try {
    return JSON.parse(answer.text) as Json;
  } catch {
    throw new Unreachable(
      'what answers is no Admin API; check --admin-url (the path above /users belongs to it)',
    );
  }
}

/** A path with names from a person in it. @throws WrongUsage for those that a URL cannot carry. */
export function pathTo(...segments: readonly string[]): string {
  // An empty name would name the whole list; dots are taken for folders, even when they are encoded.
  const unfit = segments.find((segment) => ['', '.', '..'].includes(segment));
  if (unfit !== undefined) throw new WrongUsage(`'${unfit}' names nothing; give an id or a name`);
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}
