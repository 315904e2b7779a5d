/** Why a request is refused: one place that makes HTTP answers of what a store or a body says. */
import { StoreUnavailable } from '../consumers/model.ts';
import type { InputProblem } from '../consumers/store.ts';

/** Thrown by what reads a request, and by the routes: an expected outcome, answered as plain text. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: RefusalStatus;

  constructor(status: RefusalStatus, message: string) {
    super(message);
    this.status = status;
  }
}

export type RefusalStatus = 400 | 404 | 409 | 413 | 415 | 422;

/** A failure of the store, as its outcomes say it. */
interface StoreFailure {
  readonly code: StoreFailureCode;
  readonly problems?: readonly InputProblem[];
}

type StoreFailureCode = keyof typeof refusals | 'invalid_input';

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
  return refusals[failure.code](subject);
}

/** @returns the value of an outcome. @throws Refusal when it is a failure. */
export function orRefuse<T>(
  outcome: { readonly ok: true; readonly value: T } | (StoreFailure & { readonly ok: false }),
  subject?: string,
): T {
  if (outcome.ok) return outcome.value;
  throw refusalOf(outcome, subject);
}

/** Names fields and what is wrong with them; never quotes their values. */
const problemsText = (problems: readonly InputProblem[]): string =>
  problems.map(({ field, problem }) => `data.${field} ${problem}`).join(', ');

const UNAVAILABLE = 'The credentials table cannot be reached; try again';

/** The answer to whatever a route throws: outages and bugs without details. */
export function answerTo(error: unknown): Response {
  if (error instanceof Refusal) return text(error.message, error.status);
  return error instanceof StoreUnavailable ? text(UNAVAILABLE, 503) : text('Internal error', 500);
}

export const text = (body: string, status: number): Response =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
