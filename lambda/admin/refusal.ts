/** Why a request is refused: one place that makes HTTP answers of what a store or a body says. */
import { ApiKeysUnavailable } from '../consumers/api-keys.ts';
import { StoreUnavailable } from '../consumers/model.ts';
import { PENDING_TIMEOUT_MS } from '../consumers/requests.ts';
import type { InputProblem } from '../consumers/store.ts';

/** Thrown by what reads a request, and by the routes: an expected outcome, answered as plain text. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: RefusalStatus;
  /** After how many seconds the same may be taken; undefined where time changes nothing. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: RefusalStatus, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export type RefusalStatus = 400 | 404 | 409 | 413 | 415 | 422;

/** A failure of the store, as its outcomes say it. */
interface StoreFailure {
  readonly code: StoreFailureCode;
  readonly problems?: readonly InputProblem[];
  readonly isBeingMade?: true;
  readonly plans?: readonly string[];
}

type StoreFailureCode = keyof typeof refusals | 'invalid_input' | 'plan_unknown' | 'plan_ambiguous';

/** The texts are Express Gateway's where it has one. `subject` is what the request named. */
const refusals = {
  username_taken: () => new Refusal(409, 'username already exists'),
  id_taken: () => new Refusal(409, 'that id is taken'),
  user_not_found: (subject: string) => new Refusal(404, `User not found: ${subject}`),
  application_name_taken: () => new Refusal(409, 'an application of that name already exists for this user'),
  application_not_found: (subject: string) => new Refusal(404, `Application not found: ${subject}`),
  application_ambiguous: (subject: string) =>
    new Refusal(409, `Several users have an app ${subject}: use its id`),
  key_id_taken: () => new Refusal(409, 'a credential with that keyId already exists'),
  credential_not_found: (subject: string) => new Refusal(404, `No credential found with id: ${subject}`),
  consumer_not_found: (subject: string) => new Refusal(422, `No consumer found with id: ${subject}`),
  consumer_ambiguous: (subject: string) =>
    new Refusal(409, `Several users have an app ${subject}: use its id`),
  scope_exists: () => new Refusal(409, 'One or more scopes already exist.'),
  scope_unknown: () => new Refusal(400, "One or more scopes don't exist"),
  scope_not_found: (subject: string) => new Refusal(404, `scope not found: ${subject}`),
} as const;

/** @param subject the id or name that the request gave; never a secret. */
export function refusalOf(failure: StoreFailure, subject = ''): Refusal {
  if (failure.code === 'invalid_input') return new Refusal(400, problemsText(failure.problems ?? []));
  if (failure.code === 'plan_unknown' || failure.code === 'plan_ambiguous') {
    return planRefusal(failure.code, failure.plans ?? []);
  }
  const refusal = refusals[failure.code](subject);
  if (failure.isBeingMade !== true) return refusal;
  return new Refusal(refusal.status, refusal.message, PENDING_TIMEOUT_MS / 1000);
}

function planRefusal(code: 'plan_unknown' | 'plan_ambiguous', plans: readonly string[]): Refusal {
  const list = plans.join(', ');
  if (code === 'plan_ambiguous') {
    return new Refusal(409, `Several usage plans have that name; give the id of one of them: ${list}`);
  }
  if (plans.length === 0)
    return new Refusal(400, 'There are no usage plans here: the configuration has none');
  return new Refusal(400, `There is no such usage plan; there are: ${list}`);
}

/** @returns the value of an outcome. @throws Refusal when it is a failure. */
export function orRefuse<T>(
  outcome: { readonly ok: true; readonly value: T } | (StoreFailure & { readonly ok: false }),
  subject?: string,
): T {
  if (outcome.ok) return outcome.value;
  throw refusalOf(outcome, subject);
}

/** What a body has under another name than the store, since a date may stand there too. */
const NAMES_IN_BODIES: Readonly<Record<string, string>> = {
  expiresAtSeconds: 'expiresAt',
  issuedBeforeSeconds: 'issuedBefore',
};

/** Names fields and what is wrong with them; never quotes their values. */
const problemsText = (problems: readonly InputProblem[]): string =>
  problems.map(({ field, problem }) => `data.${NAMES_IN_BODIES[field] ?? field} ${problem}`).join(', ');

const UNAVAILABLE = 'The credentials table cannot be reached; try again';
const API_KEYS_UNAVAILABLE = 'API Gateway does not make or delete the API key; try again';

/** The answer to whatever a route throws: outages and bugs without details. */
export function answerTo(error: unknown): Response {
  if (error instanceof Refusal) return answerToRefusal(error);
  if (error instanceof ApiKeysUnavailable) return text(API_KEYS_UNAVAILABLE, 503);
  return error instanceof StoreUnavailable ? text(UNAVAILABLE, 503) : text('Internal error', 500);
}

function answerToRefusal({ message, status, retryAfterSeconds }: Refusal): Response {
  const answer = text(message, status);
  if (retryAfterSeconds !== undefined) answer.headers.set('retry-after', String(retryAfterSeconds));
  return answer;
}

export const text = (body: string, status: number): Response =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
